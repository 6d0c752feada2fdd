"""What a clerk has begun and not saved: found again after a restart, by whoever began it and by nobody else."""

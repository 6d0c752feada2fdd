"""What a clerk has begun and not saved: found again by whoever began it, or parked at the hall for another desk."""

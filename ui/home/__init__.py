"""Where a clerk starts and ends: the box and what is due."""

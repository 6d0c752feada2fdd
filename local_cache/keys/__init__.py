"""The desk's one random 256-bit key and the slots from which it can be had. Never a new key over an existing file."""

"""The window around the pages: rail, strip, status bar, keys."""

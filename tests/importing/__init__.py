"""Importing real-looking files: every row accounted for, any dirt, any interruption."""

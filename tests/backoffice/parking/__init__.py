"""Drafts parked at a hall: at one place at a time, whatever is lost on the way."""

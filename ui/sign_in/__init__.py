"""Unlocking the desk and signing in, with and without a line."""

"""Holds the house rules: imports, docstrings, the lock, licences, and what may stand in a file of the project."""

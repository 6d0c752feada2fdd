"""The demonstration operator: the same bytes for the same seed, complete, and nobody's data."""

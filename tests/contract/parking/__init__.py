"""Drafts go between desks of a hall through the real back office."""

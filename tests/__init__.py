"""Tests, grouped by what they drive."""

"""Puts the parts together: the only package that may import everything."""

"""The window, driven by keys."""

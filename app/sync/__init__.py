"""Keeps desk and head office in step. The core decides without any I/O; storage, transport and time are injected."""

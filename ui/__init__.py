"""The window (PySide6): shows states, turns keys and clicks into acts. Knows use cases, never storage or wire."""

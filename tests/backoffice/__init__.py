"""Drives the back office: its store and rules alone, its endpoints over real connections, its command as a process."""

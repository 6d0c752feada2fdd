"""Leases at the back office: taken, spent, reported, and never given out twice."""

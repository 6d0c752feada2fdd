"""Typed stand-ins for what lies outside the unit under test; they keep the promises of the ports they stand in for."""

"""Leases: the numbers, SIM cards and receipt numbers that this desk may give out without asking, also without a line."""

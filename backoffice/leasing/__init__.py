"""Leases: blocks of numbers, SIM cards and receipt numbers that a desk may give out without asking.

`blocks` is what a desk holds and the signature on it, `books` what the back office knows of it, `leasing` the rules: an item
is at one desk at a time, and comes back only once that desk has reported what it spent.
"""

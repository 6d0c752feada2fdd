"""Drafts parked at a hall: boxes that the back office keeps and cannot open, each resumed at one desk.

`books` is what is kept of them, `parking` the rules: a draft is at one place at a time, and leaves this one only once a desk
has said that it has it.
"""

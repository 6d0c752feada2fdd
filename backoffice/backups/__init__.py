"""Backups: one file that holds the whole of a back office at one instant, for either database engine.

`file` is the format and its checksum, `saving` writes one while the back office serves, `restoring` fills an empty
database from one and gives it a new epoch, so that every desk notices.
"""

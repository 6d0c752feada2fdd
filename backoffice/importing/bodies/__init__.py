"""Complete TM Forum v4 bodies: lists may be empty, but no attribute that clients look for is missing.

Instants are ISO 8601 texts that end in `Z`. What is not known is left out if it is a single optional value (an end, a
birth date), and empty if it is text or a list.
"""

"""Parties that are in the books twice: found, merged so that references follow, and parted again."""

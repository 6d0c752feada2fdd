"""Tests of what is asked of others, and the contract of every adapter to one of them."""

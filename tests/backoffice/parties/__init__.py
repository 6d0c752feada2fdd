"""Tests of parties that are in the books twice."""

"""The access matrix: a world of two customers, everybody who may ask, every question, and what is wrong with the answers."""

"""Stories: a clerk's whole task in the real window, by keys, against the real back-office process over a real line."""

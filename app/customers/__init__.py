"""Finding customers and knowing who they are: identity, contacts, accounts."""

"""The hub: tells listeners outside what happens to the resources of an API, in order, until they say that they heard it."""

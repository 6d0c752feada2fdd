"""The one box: find a customer or an act."""

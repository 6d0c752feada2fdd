"""One page of all that is known of a customer, each part with its source and age."""

"""Who sits at the desk: sign-in with and without a line, roles, the desk PIN."""

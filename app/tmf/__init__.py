"""The back office over HTTP: TM Forum requests, the desk protocol, and no trust in what comes back."""

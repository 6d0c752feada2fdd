"""The back office over HTTP: `app` puts it together, each other module serves one part of the protocol."""

"""Runs the back office as one process or several: the socket, TLS, the supervisor and its workers."""

"""What the workstation knows and does; no Qt, except through bootstrap."""

VERSION = "0.1.0"

"""A helper process that dies as soon as it has read its first message, or just after it said something."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    sys.stdin.readline()
    sys.stdout.write('{"status": {"line": "onl')  # cut short, as by a kill
    sys.stdout.flush()
    sys.exit(1)

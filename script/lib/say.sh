# shellcheck shell=bash
# What every command here shares: where the checkout is, and how to speak to the person who called.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034  # read by the commands that source this file
python=$root/.venv/bin/python

# Progress goes to stderr, so that stdout stays what the command answers.
say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

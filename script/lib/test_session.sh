#!/usr/bin/env bash
# The half of script/test that runs inside a private D-Bus session: an unlocked keyring, then pytest.
# Usage: test_session.sh PYTHON [PYTEST ARGS…]
set -euo pipefail

python=$1
shift

keyring_answers() {
    dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
        string:org.freedesktop.secrets | grep -q 'boolean true'
}

printf 'test\n' | gnome-keyring-daemon --foreground --unlock --components=secrets >/dev/null 2>&1 &
keyring=$!
trap 'kill "$keyring" 2>/dev/null || true; wait "$keyring" 2>/dev/null || true' EXIT
# Asked earlier, the bus would start a second, locked one.
until keyring_answers; do
    kill -0 "$keyring" 2>/dev/null || { echo "gnome-keyring-daemon did not start" >&2 && exit 1; }
    sleep 0.05
done
# Three at a time, each file's tests by one of them: most wait for a process or a disk. In their order: files of few tests, which
# come last otherwise, are the long ones. TRUNKLINE_TEST_WORKERS=0 for a debugger.
"$python" -m pytest -n "${TRUNKLINE_TEST_WORKERS:-3}" --dist loadfile --no-loadscope-reorder "$@"

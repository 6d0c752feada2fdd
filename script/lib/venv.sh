# shellcheck shell=bash
# The checkout's own Python environment, one stamp per level. Needs say.sh and packages.sh.
# shellcheck disable=SC2154

venv=$root/.venv

suitable() {
    command -v "$1" >/dev/null &&
        "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null
}

# find_python: the first interpreter that fits and can make environments.
find_python() {
    local candidate
    for candidate in python3 python3.13 python3.12 python3.11; do
        if suitable "$candidate" && "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    return 1
}

# stamp_of LEVEL: what the environment was, or is to be, made from.
stamp_of() {
    printf '%s %s\n' "$(sha256sum <"$root/requirements/$1.txt")" "$("$venv/bin/python" -V 2>&1)"
}

stamp_fits() {
    [ -f "$venv/stamp-$1" ] && [ -x "$venv/bin/python" ] && [ "$(cat "$venv/stamp-$1")" = "$(stamp_of "$1")" ]
}

# venv_is_whole: an environment without any stamp was interrupted half-way; one whose Python is gone is of no use.
venv_is_whole() {
    compgen -G "$venv/stamp-*" >/dev/null && suitable "$venv/bin/python"
}

# may_fill_venv: a service runs as somebody who does not own the checkout; it can use an environment but make none.
may_fill_venv() {
    if [ -e "$venv" ]; then [ -w "$venv" ]; else [ -w "$root" ]; fi
}

make_venv() {
    local interpreter
    interpreter=$(find_python) || fail "Python 3.11, 3.12 or 3.13 with venv is needed: install the package python3-venv (or python3.11-venv)."
    say "Making .venv with $("$interpreter" -V)"
    rm -rf "$venv"
    "$interpreter" -m venv "$venv"
}

# fill_venv LEVEL: the test lock holds everything of the run lock at the same versions, so it satisfies both.
fill_venv() {
    local level=$1 count
    count=$(grep -c '^[A-Za-z0-9].*==' "$root/requirements/$level.txt")
    say "Installing $count locked Python packages for '$level'"
    rm -f "$venv"/stamp-*
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes \
        -r "$root/requirements/$level.txt" >&2 || fail "pip could not install requirements/$level.txt."
    if [ "$level" = test ]; then stamp_of run >"$venv/stamp-run"; fi
    stamp_of "$level" >"$venv/stamp-$level"
}

# name_missing_libraries: without Debian's package names, at least the names of the libraries that Qt misses.
name_missing_libraries() {
    local missing
    missing=$(find "$venv" -name libqxcb.so -exec ldd {} + 2>/dev/null | awk '/not found/ {print $1}' | sort -u | xargs)
    if [ -n "$missing" ]; then say "Qt's window plug-in misses these libraries; install them with your package manager: $missing"; fi
}

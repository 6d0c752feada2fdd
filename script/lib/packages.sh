# shellcheck shell=bash
# Which Debian packages Trunkline stands on, and how missing ones come in. Needs say.sh.

headless_qt=(libgl1 libegl1 libfontconfig1 libglib2.0-0 libdbus-1-3 libxkbcommon0)
window_qt=(libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0
    libxcb-shape0 libxcb-xkb1 libxkbcommon-x11-0 libx11-xcb1 libxcb-sync1 libxcb-xfixes0)
chinese=(fonts-noto-cjk)  # customers have Chinese names in whatever language the window speaks
test_tools=(xvfb xauth xdotool openbox gnome-keyring dbus strace shellcheck postgresql)

# packages_for LEVEL: one name a line.
packages_for() {
    case $1 in
        run) printf '%s\n' "${headless_qt[@]}" "${window_qt[@]}" "${chinese[@]}" ;;
        test) printf '%s\n' "${headless_qt[@]}" "${window_qt[@]}" "${chinese[@]}" "${test_tools[@]}" ;;
        *) fail "Unknown level $1: run or test." ;;
    esac
}

has_apt() { command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; }

# missing_of NAME…: those not installed. Newer releases renamed some libraries to NAMEt64.
missing_of() {
    local installed name
    installed=$(dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' "$@" "${@/%/t64}" 2>/dev/null || true)
    for name in "$@"; do
        grep -qxE "installed ${name//./\\.}(t64)?" <<<"$installed" || printf '%s\n' "$name"
    done
}

# install_packages NAME…: as root at once, else with sudo after a question, else says what to type.
install_packages() {
    if [ "$(id -u)" = 0 ]; then
        apt_install "" "$@"
    elif command -v sudo >/dev/null && [ -t 0 ] && [ -t 2 ]; then
        local answer
        read -r -p "Trunkline needs these Debian packages: $*. Install them with sudo? [y/N] " answer
        [[ $answer == [yY]* ]] || fail "Nothing was installed. By hand: sudo apt-get install --no-install-recommends $*"
        apt_install sudo "$@"
    else
        fail "Missing Debian packages; as root: apt-get install --no-install-recommends $*"
    fi
}

# apt_install SUDO NAME…: quiet unless it fails.
apt_install() {
    local sudo=$1 log
    shift
    log=$(mktemp)
    say "Installing Debian packages: $*"
    if ! { apt_quietly "$sudo" update && apt_quietly "$sudo" install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        fail "apt-get could not install: $*"
    fi
    rm -f "$log"
}

apt_quietly() {
    local sudo=$1
    shift
    ${sudo:+"$sudo"} env DEBIAN_FRONTEND=noninteractive LC_ALL=C \
        apt-get -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" </dev/null
}

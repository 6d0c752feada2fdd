# shellcheck shell=bash
# What script/fresh hands from this machine into the bare system: package sources, proxies, certificates, pip, display.
# Folders to show inside go into $run/folders, variables into $run/environment, one a line. Needs fresh_base.sh.
# shellcheck disable=SC2154

certificates=/etc/ssl/this-machine.pem
home=/root

give() { printf '%s=%s\n' "$1" "$2" >>"$run/environment"; }

copy_apt_settings() {
    local sources
    sources=$(debian_sources | awk '{print "deb", $1, $2, "main"}')
    if [ -n "$sources" ]; then
        rm -rf "$1"/etc/apt/sources.list.d/*
        printf '%s\n' "$sources" >"$1/etc/apt/sources.list"
    fi
    {
        apt-config dump | grep -E '^Acquire::(https?|ftp|Retries|Check-Valid-Until|Check-Date)\b' | grep -viE 'auto-?detect|CAInfo' || true
        printf 'Acquire::https::CAInfo "%s";\nAcquire::Languages "none";\n' "$certificates"
    } >"$1/etc/apt/apt.conf.d/90this-machine"
}

# own_certificates: the bundle this machine trusts, which may hold the authority of a proxy.
own_certificates() {
    local candidate
    for candidate in "${PIP_CERT:-}" "${SSL_CERT_FILE:-}" "${REQUESTS_CA_BUNDLE:-}" "${CURL_CA_BUNDLE:-}" \
        /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
        if [ -f "$candidate" ]; then
            printf '%s\n' "$candidate"
            return
        fi
    done
}

copy_network_settings() {
    local name bundle
    cp --dereference /etc/resolv.conf /etc/hosts "$1/etc/"
    bundle=$(own_certificates)
    if [ -n "$bundle" ]; then
        mkdir -p "$1/etc/ssl"
        cp --dereference "$bundle" "$1$certificates"
        for name in PIP_CERT SSL_CERT_FILE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE; do give "$name" "$certificates"; done
    fi
    for name in http_proxy https_proxy no_proxy all_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY ALL_PROXY; do
        if [ -n "${!name:-}" ]; then give "$name" "${!name}"; fi
    done
}

copy_pip_settings() {
    local name
    for name in $(compgen -e PIP_ || true); do
        case $name in PIP_CERT | PIP_CONFIG_FILE) ;; *) give "$name" "${!name}" && show_folders_in "${!name}" ;; esac
    done
    copy_pip_file /etc/pip.conf "$1/etc/pip.conf"
    copy_pip_file /etc/xdg/pip/pip.conf "$1/etc/xdg/pip/pip.conf"
    copy_pip_file "$HOME/.pip/pip.conf" "$1$home/.pip/pip.conf"
    copy_pip_file "${XDG_CONFIG_HOME:-$HOME/.config}/pip/pip.conf" "$1$home/.config/pip/pip.conf"
    if [ -n "${PIP_CONFIG_FILE:-}" ]; then
        copy_pip_file "$PIP_CONFIG_FILE" "$1/etc/pip-this-machine.conf"
        give PIP_CONFIG_FILE /etc/pip-this-machine.conf
    fi
}

copy_pip_file() {
    [ -f "$1" ] || return 0
    mkdir -p "$(dirname "$2")"
    cp --dereference "$1" "$2"
    show_folders_in "$(cat "$1")"
}

# show_folders_in TEXT: what of this machine pip takes packages from is shown read-only inside; single files are copied.
show_folders_in() {
    local path
    for path in $(grep -oE '(file://)?/[^][:space:]"'\'']+' <<<"$1" || true); do
        case $path in
            file://*) show_index "${path#file://}" ;;
            *) if [ -d "$path" ]; then printf '%s\n' "${path%/}" >>"$run/folders"; else show_file "$path"; fi ;;
        esac
    done
}

# show_file PATH: a file that pip's settings name, such as constraints.
show_file() {
    if [ ! -f "$1" ]; then return; fi
    mkdir -p "$(dirname "$system$1")"
    cp --dereference "$1" "$system$1"
}

# show_index PATH: an index points to files beside it, so its parent is shown, unless that is a folder of the system.
show_index() {
    local parent
    parent=$(dirname "$1")
    if [ ! -d "$parent" ]; then return; fi
    if [ -z "$(ls -A "$system$parent" 2>/dev/null)" ]; then
        printf '%s\n' "$parent" >>"$run/folders"
    elif [ -d "$1" ]; then
        printf '%s\n' "${1%/}" >>"$run/folders"
    fi
}

copy_display() {
    local name
    if [ -d /tmp/.X11-unix ]; then printf '/tmp/.X11-unix\n' >>"$run/folders"; fi
    local authority=${XAUTHORITY:-$HOME/.Xauthority}
    if [ -f "$authority" ]; then
        cp "$authority" "$1$home/.Xauthority"
        give XAUTHORITY "$home/.Xauthority"
    fi
    for name in DISPLAY TERM QT_QPA_PLATFORM QT_SCALE_FACTOR $(compgen -e TRUNKLINE_ || true); do
        if [ -n "${!name:-}" ]; then give "$name" "${!name}"; fi
    done
}

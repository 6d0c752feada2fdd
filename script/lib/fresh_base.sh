# shellcheck shell=bash
# The bare Debian that script/fresh copies for each run, and the checkout in it. Needs say.sh.
# shellcheck disable=SC2154

release=${TRUNKLINE_FRESH_RELEASE:-bookworm}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/trunkline-fresh
base=$cache/$release-minbase

# debian_sources: "URI SUITE" of this machine's own sources, without third parties, at the release that is wanted.
debian_sources() {
    local here
    here=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
    # shellcheck disable=SC2016  # the placeholders are apt's
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Identifier: Packages' 2>/dev/null |
        awk -v suite="^$here(-updates|-security)?\$" '$2 ~ suite && $3 == "main" && !seen[$1, $2]++ {print $1, $2}' |
        sed "s/ $here/ $release/" || true
}

# make_base: once; a half-made one never carries the final name.
make_base() {
    [ -d "$base" ] && return
    exec 9<"$cache"
    flock 9
    [ -d "$base" ] && return
    local mirror proxy="" log=$cache/debootstrap.log
    mirror=$(debian_sources | awk -v suite="$release" '$2 == suite {print $1; exit}')
    eval "$(apt-config shell proxy Acquire::http::Proxy)"
    say "Making a bare Debian ($release) in $base (once, about a minute)"
    rm -rf --one-file-system "$base.half"
    # shellcheck disable=SC2086  # no mirror: debootstrap's own
    http_proxy=${proxy:-${http_proxy:-}} debootstrap --variant=minbase "$release" "$base.half" $mirror >"$log" 2>&1 ||
        { tail -n 20 "$log" >&2; fail "debootstrap failed; the whole of it is in $log"; }
    mv "$base.half" "$base"
    exec 9<&-
}

# sweep_left_overs: a killed run could not tidy up; a running one still holds the lock on its folder.
sweep_left_overs() {
    local old
    for old in "$cache"/runs/*/; do
        if [ -d "$old" ]; then flock --nonblock "$old" rm -rf --one-file-system "$old" || true; fi
    done
}

# checkout_files: NUL-separated, as in the working tree: tracked or new, but neither ignored nor deleted.
checkout_files() {
    cd "$root" || return
    if git -c safe.directory="$root" rev-parse --git-dir >/dev/null 2>&1; then
        git -c safe.directory="$root" ls-files -z --cached --others --exclude-standard |
            while IFS= read -r -d '' file; do
                if [ -e "$file" ] || [ -L "$file" ]; then printf '%s\0' "$file"; fi
            done
    else
        find . \( -name .venv -o -name '.*_cache' -o -name __pycache__ \) -prune -o -type f -print0
    fi
}

copy_checkout() {
    mkdir -p "$1"
    (checkout_files | tar -C "$root" --create --null --no-recursion --files-from=- | tar -C "$1" --extract --no-same-owner)
}

#!/usr/bin/env bash
# The half of script/fresh that runs in its own mount and process namespace; all mounts end with it.
# Usage: fresh_inside.sh SYSTEM FOLDERS ENVIRONMENT COMMAND…
set -euo pipefail

system=$1 folders=$2 environment=$3
shift 3

mount -t proc proc "$system/proc"
mount --rbind /sys "$system/sys"
mount --rbind /dev "$system/dev"
mount -t tmpfs -o mode=1777 shm "$system/dev/shm"

touch "$folders" "$environment"
sort -u "$folders" | while read -r folder; do
    mkdir -p "$system$folder"
    mount --bind "$folder" "$system$folder"
    if [ "$folder" != /tmp/.X11-unix ]; then mount -o remount,bind,ro "$system$folder"; fi
done

# shellcheck disable=SC2016  # expanded inside
mapfile -t given <"$environment"
exec env --ignore-environment HOME=/root USER=root LANG=C.UTF-8 \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "${given[@]}" \
    chroot "$system" /bin/bash -c 'cd /trunkline && exec "$@"' bash "$@"

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Does: boots the packed server N times on a clean data folder; from the moment it says it is ready, asks REST,
# media, WebSocket and console every 50 ms for a minute, and fails on any 404, 503 or refused connection. Then
# the same once more, shorter, on the folder that the first boot left.
# Does not: record anything. By hand: itests/scripts/boot-check.sh 20
#   boot-check.sh [BOOTS] [SECONDS] [AT_ONCE]     AT_ONCE (1): so many are watched side by side; no two boot at once
#   environment: BOOT_CHECK_PORT, first of five ports for each side by side (18100), BOOT_CHECK_READY_SECONDS (30),
#   BOOT_CHECK_LATER_SECONDS (SECONDS): so long are those behind the first boot watched
set -u
boots="${1:-3}"
seconds="${2:-60}"
at_once="${3:-1}"
root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)"
work="$root/itests/target/boot-check"
port="${BOOT_CHECK_PORT:-18100}"
password=Correct-horse-7-battery
ready_within_s="${BOOT_CHECK_READY_SECONDS:-30}"
later_s="${BOOT_CHECK_LATER_SECONDS:-$seconds}"

archive="$(find "$root/karaf-distribution/target" -maxdepth 1 -name '*.tar.gz' | head -n 1)"
[ -n "$archive" ] || {
    echo "karaf-distribution is not built" >&2
    exit 2
}
command -v node > /dev/null || {
    echo "Node 20 or newer is needed" >&2
    exit 2
}
rm -rf "$work"
mkdir -p "$work/server"
tar -xzf "$archive" -C "$work/server" --strip-components=1

server=
watcher=
end_server() {
    [ -z "$watcher" ] || kill "$watcher" 2> /dev/null
    watcher=
    [ -n "$server" ] || return 0
    kill "$server" 2> /dev/null
    wait "$server" 2> /dev/null
    server=
}

# boot DATA SECONDS NAME: starts a server, watches it, ends it.
boot() {
    local data="$1" log="$1/log/nxvms.log" seen=0 result=ok
    [ ! -e "$log" ] || seen="$(wc -l < "$log")"
    NXVMS_DATA="$data" NXVMS_ADMIN_PASSWORD="$password" \
        NXVMS_HTTP_PORT="$port" NXVMS_HTTPS_PORT=$((port + 1)) NXVMS_SSH_PORT=$((port + 2)) \
        NXVMS_RTSP_PORT=$((port + 3)) NXVMS_WEBRTC_PORT=$((port + 4)) \
        "$work/server/bin/karaf" daemon > "$data.out" 2>&1 < /dev/null &
    server=$!
    # In the background, because a shell that waits for a program in the foreground hears no signal.
    node "$root/itests/scripts/boot-check.mjs" "$port" "$ready_within_s" "$2" <<< "$password" &
    watcher=$!
    wait "$watcher" || result=FAILED
    watcher=
    if tail -n "+$((seen + 1))" "$log" | grep -m 3 ' | ERROR | '; then result=FAILED; fi
    end_server
    echo "$3: $result"
    [ "$result" = ok ]
}

# row NUMBER: a boot and a restart; status: how many of the two had a fault.
row() {
    local data="$work/data-$1" failed=0 watched="$seconds"
    port=$((port + 5 * (($1 - 1) % at_once)))
    trap 'end_server; exit 130' INT TERM
    trap end_server EXIT
    if [ "$1" -gt 1 ]; then watched="$later_s"; fi
    boot "$data" "$watched" "boot $1 of $boots" || failed=$((failed + 1))
    # Bundles that are installed already start in another order, on another thread.
    boot "$data" 5 "restart $1 of $boots" || failed=$((failed + 1))
    exit "$failed"
}

rows=()
end_rows() {
    [ "${#rows[@]}" -eq 0 ] || kill "${rows[@]}" 2> /dev/null
    wait
}
trap 'end_rows; exit 130' INT TERM
trap end_rows EXIT

failed=0
# finish_row INDEX: waits for a row and says what it said.
finish_row() {
    wait "${rows[$1]}" || failed=$((failed + $?))
    unset "rows[$1]"
    cat "$work/row-$(($1 + 1))"
}

for ((number = 1; number <= boots; number++)); do
    if [ "$number" -gt "$at_once" ]; then finish_row $((number - at_once - 1)); fi
    (row "$number") > "$work/row-$number" 2>&1 &
    rows[number - 1]=$!
    # The next one does not boot before this one has.
    until grep -qs '^ready after' "$work/row-$number" || ! kill -0 "${rows[number - 1]}" 2> /dev/null; do sleep 0.2; done
done
for ((number = boots > at_once ? boots - at_once : 0; number < boots; number++)); do finish_row "$number"; done
echo "$boots boots and as many restarts, $failed with a fault"
[ "$failed" -eq 0 ]

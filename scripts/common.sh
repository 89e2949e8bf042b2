# shellcheck shell=bash
# shellcheck disable=SC2034 # the names are for the scripts that read this one
# SPDX-License-Identifier: Apache-2.0
# Does: names, messages, process bookkeeping for ./nxvms. Does not: start anything. Read by ./nxvms only.

# The settings of the outside surface, with their defaults. Exported: server and simulator read them.
data_default="$ROOT/data"
data_given="${NXVMS_DATA:-}"
NXVMS_DATA="${NXVMS_DATA:-$data_default}"
case "$NXVMS_DATA" in /*) ;; *) NXVMS_DATA="$PWD/$NXVMS_DATA" ;; esac
case "$NXVMS_DATA" in
    *[[:space:]]*)
        printf 'nxvms: NXVMS_DATA is "%s": a folder without spaces is wanted\n' "$NXVMS_DATA" >&2
        exit 1
        ;;
esac
export NXVMS_DATA
export NXVMS_HTTP_PORT="${NXVMS_HTTP_PORT:-8080}"
export NXVMS_HTTPS_PORT="${NXVMS_HTTPS_PORT:-8443}"
export NXVMS_RTSP_PORT="${NXVMS_RTSP_PORT:-8554}"
export NXVMS_WEBRTC_PORT="${NXVMS_WEBRTC_PORT:-8189}"
export NXVMS_SSH_PORT="${NXVMS_SSH_PORT:-8101}"
# Simulated cameras listen above the RTSP server's port, so that two servers' farms do not meet.
NXVMS_SIMULATOR_PORT="${NXVMS_SIMULATOR_PORT:-$((NXVMS_RTSP_PORT + 10000))}"

TOOLS="$ROOT/target/tools"
RUN="$NXVMS_DATA/run"
API="http://127.0.0.1:$NXVMS_HTTP_PORT/api/v1"

say() { printf '%s\n' "$*"; }
warn() { printf 'nxvms: %s\n' "$*" >&2; }
die() {
    warn "$*"
    exit 1
}

# Shows one line that grows older while something takes its time; on a terminal it is overwritten.
progress() {
    if [ -t 1 ]; then
        printf '\r\033[K%s' "$*"
    else
        printf '%s\n' "$*"
    fi
}
progress_end() { if [ -t 1 ]; then printf '\r\033[K'; fi; }

# A process is named by its id and its start time, so that an id that was given to somebody else meanwhile
# is never taken for ours.
# process_start PID: empty when it has ended, or is about to: one that is killed keeps its number for a moment, with the flag
# PF_EXITING (4). Its command line says nothing: a process has none, either, while it becomes another program.
process_start() {
    local stat fields
    { stat="$(< "/proc/$1/stat")"; } 2> /dev/null || return 0
    # Behind the name in brackets: state, five others, flags, twelve others, start.
    read -ra fields <<< "${stat##*) }"
    if [[ "${fields[0]}" == [ZX] ]] || (((fields[6] & 4) != 0)); then return 0; fi
    printf '%s\n' "${fields[19]}"
}
remember_process() { printf '%s %s\n' "$2" "$(process_start "$2")" > "$RUN/$1.pid"; }
running_process() {
    local pid start
    [ -s "$RUN/$1.pid" ] || return 1
    read -r pid start < "$RUN/$1.pid" || return 1
    [ -n "$start" ] && [ "$(process_start "$pid")" = "$start" ] || return 1
    printf '%s\n' "$pid"
}

# stop_process NAME SECONDS: asks, waits, and only then kills.
stop_process() {
    local pid i
    pid="$(running_process "$1")" || {
        rm -f "$RUN/$1.pid"
        return 0
    }
    kill -TERM "$pid" 2> /dev/null
    for ((i = 0; i < $2 * 10; i++)); do
        running_process "$1" > /dev/null || break
        sleep 0.1
    done
    if running_process "$1" > /dev/null; then
        warn "$1 (process $pid) did not end within $2 s and is killed"
        kill -KILL "$pid" 2> /dev/null
        for ((i = 0; i < 50; i++)); do
            running_process "$1" > /dev/null || break
            sleep 0.1
        done
    fi
    rm -f "$RUN/$1.pid"
}

# The ports of a running server are those it was started with, whatever is set now.
remember_settings() {
    local name
    for name in NXVMS_HTTP_PORT NXVMS_HTTPS_PORT NXVMS_RTSP_PORT NXVMS_WEBRTC_PORT NXVMS_SSH_PORT; do
        printf '%s %s\n' "$name" "${!name}"
    done > "$RUN/settings"
}
recall_settings() {
    local name value
    [ -e "$RUN/settings" ] || return 0
    while read -r name value; do
        case "$name" in NXVMS_*_PORT) export "$name=$value" ;; esac
    done < "$RUN/settings"
    API="http://127.0.0.1:$NXVMS_HTTP_PORT/api/v1"
}

# servers_here: "PROCESS DATA" of each server of this machine, however it was started: ./nxvms run, bin/karaf, as a service.
servers_here() {
    local file data said
    for file in $(grep -lsF org.apache.karaf.main.Main /proc/[0-9]*/cmdline); do
        said=" $(tr '\0' ' ' 2> /dev/null < "$file")"
        # As bin/setenv tells Karaf, another program by Karaf is told otherwise.
        [[ "$said" =~ " -Dkaraf.data="([^ ]+)"/karaf " ]] || continue
        data="${BASH_REMATCH[1]}"
        [[ "$said" == *" -Dkaraf.instances=$data/karaf/instances "* ]] || continue
        file="${file#/proc/}"
        printf '%s %s\n' "${file%/cmdline}" "$data"
    done
}

# its_port PROCESS NAME: as that process was told; empty where its user is another one, whose processes tell nothing.
its_port() {
    local line
    while IFS= read -r -d '' line; do
        case "$line" in "$2="*) printf '%s\n' "${line#*=}" ;; esac
    done 2> /dev/null < "/proc/$1/environ"
}

# find_server: SERVER_PID and, in NXVMS_DATA and the ports, the server that this command is about. One of the data folder;
# when no data folder was asked for and none runs on the usual one, the one that has the port NXVMS_HTTP_PORT.
# SERVER_IS_OURS: whether ./nxvms run started it.
find_server() {
    local pid data name port here
    SERVER_IS_OURS=yes
    if SERVER_PID="$(running_process server)"; then
        recall_settings
        return 0
    fi
    SERVER_IS_OURS=no
    here="$(servers_here)"
    while read -r pid data; do
        [ -n "$pid" ] && [ "$(readlink -m "$data")" = "$(readlink -m "$NXVMS_DATA")" ] || continue
        SERVER_PID="$pid"
    done <<< "$here"
    if [ -z "$SERVER_PID" ] && [ -z "$data_given" ]; then
        while read -r pid data; do
            [ -n "$pid" ] || continue
            port="$(its_port "$pid" NXVMS_HTTP_PORT)"
            # Of another user's process the only sign is that it is alone, and somebody answers there.
            if [ "$port" = "$NXVMS_HTTP_PORT" ] ||
                { [ -z "$port" ] && [ "$here" = "$pid $data" ] && answers_as_server; }; then
                SERVER_PID="$pid"
                NXVMS_DATA="$data"
            fi
        done <<< "$here"
    fi
    [ -n "$SERVER_PID" ] || return 1
    RUN="$NXVMS_DATA/run"
    for name in NXVMS_HTTP_PORT NXVMS_HTTPS_PORT NXVMS_RTSP_PORT NXVMS_WEBRTC_PORT NXVMS_SSH_PORT; do
        port="$(its_port "$SERVER_PID" "$name")"
        [ -z "$port" ] || export "$name=$port"
    done
    API="http://127.0.0.1:$NXVMS_HTTP_PORT/api/v1"
}

# Whether what has the configured port is a server of this kind.
answers_as_server() { [[ "$(curl -s -m 5 "$API/health" 2> /dev/null)" == *'"ready":'* ]]; }

# say_others: what runs or answers here all the same, when find_server found nothing.
say_others() {
    local pid data found=no
    while read -r pid data; do
        [ -n "$pid" ] || continue
        found=yes
        say "another    a server runs on the data folder $data, process $pid: NXVMS_DATA=$data ./nxvms status"
    done <<< "$(servers_here)"
    if [ "$found" = no ] && answers_as_server; then
        say "another    a server answers at port $NXVMS_HTTP_PORT, but its process is not to be seen from here (a container?)"
    fi
}

port_taken() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

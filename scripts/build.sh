# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Does: builds the distribution and the simulator when the sources are not those of the last build, and unpacks
# the distribution. Does not: install into the local Maven repository.

STAMP="$ROOT/target/nxvms-build"

# Names, sizes and times of every source file that ends up in the server or the simulator.
source_stamp() {
    (
        cd "$ROOT" || exit 1
        if git rev-parse --is-inside-work-tree > /dev/null 2>&1; then
            git ls-files -z -co --exclude-standard -- pom.xml sdk bundles integrations drivers features karaf-distribution \
                scripts/native.sh
        else
            find pom.xml sdk bundles integrations drivers features karaf-distribution scripts/native.sh \
                \( -name target -o -name node_modules -o -name dist \) -prune -o -type f -print0
        fi | grep -zv '/src/test/' | LC_ALL=C sort -z | xargs -0 stat -c '%n %s %Y' 2> /dev/null | sha256sum | cut -c 1-16
    )
}

server_home() { printf '%s/target/server-%s\n' "$ROOT" "$1"; }

# run_maven LOG ARGUMENTS...: Maven with one line a module on the screen and everything in the log.
run_maven() {
    local log="$1" line status
    shift
    mkdir -p "$(dirname "$log")"
    (cd "$ROOT" && exec mvn -B -Dstyle.color=never "$@") > "$log" 2>&1 &
    local maven_pid=$!
    # A process in the background does not hear Ctrl-C.
    trap 'kill "$maven_pid" 2> /dev/null; exit 130' INT TERM
    {
        tail -n +1 -F --pid="$maven_pid" "$log" 2> /dev/null |
            while IFS= read -r line; do
                case "$line" in
                    *'] Building '*'['*/*']'*)
                        line="${line#*Building }"
                        progress "  ${line##* } ${line% *}"
                        ;;
                esac
            done
    } &
    local watcher=$!
    wait "$maven_pid"
    status=$?
    trap - INT TERM
    wait "$watcher" 2> /dev/null
    progress_end
    return "$status"
}

# Leaves SERVER_HOME at an unpacked server that was built from the sources as they are now.
build_if_needed() {
    local stamp
    stamp="$(source_stamp)"
    SERVER_HOME="$(server_home "$stamp")"
    if [ "$(cat "$STAMP" 2> /dev/null)" = "$stamp" ] && [ -x "$SERVER_HOME/bin/karaf" ]; then
        require_run
        return 0
    fi
    require_build
    say "Building (all output: target/build.log)"
    local started=$SECONDS
    if ! run_maven "$ROOT/target/build.log" package -DskipTests -Dspotless.check.skip=true \
        -pl karaf-distribution,sdk/simulator -am; then
        grep -m 20 '^\[ERROR\]' "$ROOT/target/build.log" >&2
        die "the build failed; all of its output is in target/build.log"
    fi
    say "Built in $((SECONDS - started)) s"
    unpack_server "$stamp"
}

unpack_server() {
    local archive old
    archive="$(find "$ROOT/karaf-distribution/target" -maxdepth 1 -name '*.tar.gz' | head -n 1)"
    [ -n "$archive" ] || die "the build left no distribution in karaf-distribution/target"
    # A server that still runs from an older folder keeps it.
    for old in "$ROOT"/target/server-*; do
        [ -d "$old" ] && ! grep -qsF "$old/" /proc/[0-9]*/cmdline && save_settings "$old" && rm -rf "$old"
    done
    rm -rf "$SERVER_HOME.new"
    mkdir -p "$SERVER_HOME.new"
    tar -xzf "$archive" -C "$SERVER_HOME.new" --strip-components=1 || die "could not unpack $archive"
    rm -rf "$SERVER_HOME"
    mv "$SERVER_HOME.new" "$SERVER_HOME"
    printf '%s\n' "$1" > "$STAMP"
}

# Settings once were in the unpacked server itself (before ADR 30). Before such a folder goes, what was changed or added in
# it is put aside, with an empty file in defaults/ for what was deleted; adopt_settings gives it to the data folders.
OLD_SETTINGS="$ROOT/target/settings-of-older-builds"

save_settings() {
    local etc="$1/etc" name
    if [ ! -d "$etc" ] || grep -qs '^KARAF_ETC=' "$1/bin/setenv"; then return 0; fi
    mkdir -p "$OLD_SETTINGS/defaults" || return 1
    while IFS= read -r name; do
        if [ "$(cat "$etc/$name.SHA-256" 2> /dev/null)" != "$(sha256sum < "$etc/$name" | cut -d ' ' -f 1)" ]; then
            cp "$etc/$name" "$OLD_SETTINGS/$name" || return 1
        fi
    done < <(cd "$etc" && find . -maxdepth 1 -type f \( -name 'org.*.cfg' -o -name 'org.*.config' -o -name 'users.properties' \
        -o -name 'keys.properties' -o -name 'custom*.properties' \) ! -name '*.acl.*' ! -name 'org.apache.karaf.features*')
    while IFS= read -r name; do
        if [ ! -e "$etc/${name%.SHA-256}" ]; then : > "$OLD_SETTINGS/defaults/${name%.SHA-256}"; fi
    done < <(cd "$etc" && find . -maxdepth 1 -type f -name 'org.*.cfg.SHA-256')
}

# A data folder that a server used, but none that knows settings, takes those of the older builds.
adopt_settings() {
    if [ ! -d "$OLD_SETTINGS" ] || [ ! -e "$NXVMS_DATA/karaf/build-id" ] || [ -d "$NXVMS_DATA/etc" ]; then return 0; fi
    rm -rf "$NXVMS_DATA/etc.new"
    cp -r "$OLD_SETTINGS" "$NXVMS_DATA/etc.new" && mv "$NXVMS_DATA/etc.new" "$NXVMS_DATA/etc" ||
        die "could not carry the settings of the older build from $OLD_SETTINGS to $NXVMS_DATA/etc"
    chmod -R go= "$NXVMS_DATA/etc"
    say "Settings of the older build are now in $NXVMS_DATA/etc"
}

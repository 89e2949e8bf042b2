#!/usr/bin/env bash
# Builds and installs the driver into a running server whenever a file below src/ is saved.
# Usage: bash dev.sh /path/to/nxvms [--once]     (the script nxvms of the checkout whose server runs)
set -u
cd "$(dirname "$0")" || exit 1
nxvms="${1:?Usage: bash dev.sh /path/to/nxvms [--once]}"
once="${2:-}"
[ -x "$nxvms" ] || { echo "there is no program $nxvms" >&2; exit 1; }

deploy() {
    # Each build is a version of its own, since an installed version never changes.
    mvn -q package -Ddriver.qualifier=".dev$(date +%s)" || return 1
    local jar name
    jar="$(find "$PWD/target" -maxdepth 1 -name '*.jar' ! -name '*-sources.jar' | head -n 1)"
    name="$(sed -n 's/^Bundle-SymbolicName: *//p' pom.xml)"
    if "$nxvms" shell 'nxvms:plugin-list' | grep -qF "$name"; then
        "$nxvms" shell "nxvms:plugin-update --allow-unsigned $name $jar"
    else
        "$nxvms" shell "nxvms:plugin-install --allow-unsigned $jar"
    fi
}

seen=""
while true; do
    now="$(find src pom.xml -type f -printf '%p %T@\n' | sort | sha256sum)"
    if [ "$now" != "$seen" ]; then
        seen="$now"
        deploy
        status=$?
        [ "$once" != --once ] || exit "$status"
    fi
    sleep 1
done

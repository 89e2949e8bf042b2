#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Does: kills packed servers again and again while they record (SIGKILL, each fifth time also amid the start), and says
# after each kill what it has cost; ends with the worst loss and how many chunks were played. Fails when one kill costs more
# than a second, a chunk does not play, or index, gap or signatures are not as they should be. 28 s a kill on two cores with
# much beside it.
#   kill-check.sh [KILLS] [SERVERS]     1000 kills over so many servers side by side (1; one a core is too many)
#   environment: NXVMS_KILL_SEED repeats a run's moments; MVN_OPTIONS goes to Maven
set -eu
root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)"
seed=()
[ -z "${NXVMS_KILL_SEED:-}" ] || seed=("-Dnxvms.seed=$NXVMS_KILL_SEED")
# shellcheck disable=SC2086 # several options
exec mvn -B -q -f "$root/pom.xml" ${MVN_OPTIONS:-} -pl itests/server -am verify -Dspotless.check.skip=true \
    -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false \
    -Dit.test=ManyKills -Dfailsafe.failIfNoSpecifiedTests=false \
    "-Dnxvms.kills=${1:-1000}" "-Dnxvms.servers=${2:-1}" "${seed[@]}"

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Does: compiles udp_bursts.c into FOLDER/native/linux-x86_64, where it can be; elsewhere says so, and datagrams are sent by the JDK.
# Usage: build.sh FOLDER JAVA_HOME. A build never fails for want of it, only for a compiler that fails.
set -eu
target="$1/native/linux-x86_64"
java_home="$2"
source="$(dirname "$0")/udp_bursts.c"

without() {
    echo "$1: WebRTC will send datagrams one by one, at twice the cost. Nothing else is missing." >&2
    rm -rf "$target"
    exit 0
}

[ "$(uname -s)/$(uname -m)" = Linux/x86_64 ] || without "no native code for $(uname -s) on $(uname -m)"
command -v cc > /dev/null || without "no C compiler (Debian package gcc)"
[ -e /usr/include/stdio.h ] || without "no C headers (Debian package libc6-dev)"
# A Maven that runs on a JRE within a JDK says the JRE's folder.
[ -e "$java_home/include/jni.h" ] || java_home="$(dirname "$java_home")"
[ -e "$java_home/include/jni.h" ] || without "no jni.h in the JDK at $2"
mkdir -p "$target"
cc -std=gnu11 -O2 -Wall -Wextra -Werror -fPIC -shared -s -fvisibility=hidden -Wl,--build-id=none -Wl,-z,defs \
    -I"$java_home/include" -I"$java_home/include/linux" -o "$target/libnxvms-udp-bursts.so" "$source"

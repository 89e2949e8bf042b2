#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Does: compiles a file of C into FOLDER/native/linux-x86_64/libnxvms-NAME.so, where that can be; elsewhere says so, and what
# the server does WITHOUT it. NAME is the file's, with - for _.
# Usage: native.sh SOURCE FOLDER JAVA_HOME WITHOUT. A build never fails for want of it, only for a compiler that fails.
set -eu
source="$1"
target="$2/native/linux-x86_64"
java_home="$3"
without="$4"
name="$(basename "$source" .c | tr _ -)"

none() {
    echo "$1: $without Nothing else is missing." >&2
    rm -rf "$target"
    exit 0
}

[ "$(uname -s)/$(uname -m)" = Linux/x86_64 ] || none "no native code for $(uname -s) on $(uname -m)"
command -v cc > /dev/null || none "no C compiler (Debian package gcc)"
[ -e /usr/include/stdio.h ] || none "no C headers (Debian package libc6-dev)"
# A Maven that runs on a JRE within a JDK says the JRE's folder.
[ -e "$java_home/include/jni.h" ] || java_home="$(dirname "$java_home")"
[ -e "$java_home/include/jni.h" ] || none "no jni.h in the JDK at $3"
mkdir -p "$target"
cc -std=gnu11 -O2 -Wall -Wextra -Werror -fPIC -shared -s -fvisibility=hidden -Wl,--build-id=none -Wl,-z,defs \
    -I"$java_home/include" -I"$java_home/include/linux" -o "$target/libnxvms-$name.so" "$source"

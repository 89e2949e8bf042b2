# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Does: finds, and where it may installs, what building, running and testing need. Debian and Ubuntu packages
# by apt-get as root; Node from the npm registry into target/tools. Does not: touch anything else of the machine.

# Debian 12's own Node is 18; these are the same binaries as nodejs.org's, published as npm packages.
NODE_VERSION=22.23.3
NPM_VERSION=10.9.9

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
        return 0
    fi
    command -v npm > /dev/null && node_is_new_enough node
}

# fetch_npm PACKAGE VERSION SHA512: fetches a package of the npm registry and checks that it is the known one.
fetch_npm() {
    local file="$TOOLS/$1-$2.tgz" wanted actual
    mkdir -p "$TOOLS"
    curl -fsSL --retry 3 -o "$file" "https://registry.npmjs.org/$1/-/$1-$2.tgz" ||
        die "could not fetch $1 $2 from registry.npmjs.org; without it the web console cannot be built"
    wanted="$3"
    actual="$(openssl dgst -sha512 -binary "$file" | base64 -w 0)"
    [ "$wanted" = "$actual" ] || die "$file is not what was expected (SHA-512 $actual)"
}

install_node() {
    local machine node_hash
    case "$(uname -m)" in
        x86_64) machine=x64 node_hash='qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==' ;;
        aarch64) machine=arm64 node_hash='l3DAHZreylo+p9QXDtsOrjG2JXJqVzYXnAGmIQNOUNARcMppTO2cmewVQP+36tjJnSE+dzpMNtgW+c3oiDvXtA==' ;;
        *) die "Node 20 or newer is missing and there is no ready-made one for $(uname -m); install it from nodejs.org" ;;
    esac
    say "Fetching Node $NODE_VERSION into target/tools"
    fetch_npm "node-linux-$machine" "$NODE_VERSION" "$node_hash"
    fetch_npm npm "$NPM_VERSION" '1g+6jLQvaIuB4zwvHL7yrXuXcWZwDsCtBX8bbWDqbvJSSr9nPiDDWTHNgwXR27iIcTTW7v3A57hDW9RYv2W4Yg=='
    rm -rf "$TOOLS/node.new"
    mkdir -p "$TOOLS/node.new/lib/node_modules/npm"
    tar -xzf "$TOOLS/node-linux-$machine-$NODE_VERSION.tgz" -C "$TOOLS/node.new" --strip-components=1
    tar -xzf "$TOOLS/npm-$NPM_VERSION.tgz" -C "$TOOLS/node.new/lib/node_modules/npm" --strip-components=1
    ln -s ../lib/node_modules/npm/bin/npm-cli.js "$TOOLS/node.new/bin/npm"
    ln -s ../lib/node_modules/npm/bin/npx-cli.js "$TOOLS/node.new/bin/npx"
    chmod +x "$TOOLS/node.new/lib/node_modules/npm/bin/"np*-cli.js
    rm -rf "$TOOLS/node" "$TOOLS"/*.tgz
    mv "$TOOLS/node.new" "$TOOLS/node"
    find_node || die "the fetched Node does not run on this machine"
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

require_build() {
    command -v mvn > /dev/null || need_package maven
    command -v openssl > /dev/null || need_package openssl
    [ -e /etc/ssl/certs/ca-certificates.crt ] || need_package ca-certificates
    require_run
    find_node || install_node
}

# The real counterparts of the tests: browser, cameras of another make, players, time zone data, checkers.
require_tests() {
    command -v ffmpeg > /dev/null || need_package ffmpeg
    command -v chromium > /dev/null || command -v chromium-browser > /dev/null || need_package chromium
    command -v git > /dev/null || need_package git
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
    [ -e /usr/share/doc/opencv-doc ] || need_package opencv-doc
    require_build
}

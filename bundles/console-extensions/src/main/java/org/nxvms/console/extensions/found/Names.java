// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console.extensions.found;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which names files of an extension have, and what they are. */
final class Names {
    static final int PATH_CHARS_MAX = 200;
    /** No dot at the beginning of a name, hence no ".." and no hidden file. */
    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

    /** No pages: what is shown is shown by the console. */
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("js", "text/javascript;charset=utf-8"),
            Map.entry("css", "text/css;charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("map", "application/json"),
            Map.entry("txt", "text/plain;charset=utf-8"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("jpg", "image/jpeg"),
            Map.entry("webp", "image/webp"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("wasm", "application/wasm"));

    private Names() {}

    static boolean isPath(String path) {
        return path.length() <= PATH_CHARS_MAX && PATH.matcher(path).matches();
    }

    /** {@return the media type of a file; empty when it is of none that is served} */
    static Optional<String> type(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        return dot < 0 ? Optional.empty() : Optional.ofNullable(TYPES.get(name.substring(dot + 1)));
    }

    static String types() {
        return TYPES.keySet().stream()
                .sorted()
                .reduce((all, one) -> all + ", " + one)
                .orElseThrow();
    }
}

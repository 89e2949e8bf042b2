// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.settings;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Headers that an endpoint wants beside ours, one a line: {@code Name: value}. All values count as secret. */
public final class ExtraHeaders {
    static final int COUNT_MAX = 16;
    private static final int VALUE_CHARS_MAX = 2_000;
    /** A token of RFC 9110 5.6.2. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");

    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]{0," + VALUE_CHARS_MAX + "}");
    /** Those that frame the message, that the client sets, or that the signature stands in. */
    private static final Set<String> OURS = Set.of(
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "expect",
            "host",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "user-agent");

    private ExtraHeaders() {}

    /** @throws IllegalArgumentException naming the header, but no value */
    public static Map<String, String> read(String lines) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : lines.lines().map(String::strip).toList()) {
            int colon = line.indexOf(':');
            if (line.isEmpty()) {
                continue;
            }
            if (colon < 0) {
                throw new IllegalArgumentException("headers must be lines such as Name: value");
            }
            headers.put(
                    line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        }
        check(headers);
        return headers;
    }

    /** {@return the lines that {@link #read} reads} */
    public static String write(Map<String, String> headers) {
        check(headers);
        return headers.entrySet().stream()
                .map(header -> header.getKey() + ": " + header.getValue())
                .collect(Collectors.joining("\n"));
    }

    private static void check(Map<String, String> headers) {
        if (headers.size() > COUNT_MAX) {
            throw new IllegalArgumentException("headers must be at most " + COUNT_MAX + ", not " + headers.size());
        }
        Set<String> known = new TreeSet<>();
        headers.forEach((name, value) -> {
            String small = name.toLowerCase(Locale.ROOT);
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "headers has a name that is none: letters, digits and -, at most 64");
            }
            if (OURS.contains(small) || small.startsWith("webhook-")) {
                throw new IllegalArgumentException("headers must leave " + name + " to the server");
            }
            if (!known.add(small)) {
                throw new IllegalArgumentException("headers has " + name + " twice");
            }
            if (value == null || !VALUE.matcher(value).matches()) {
                throw new IllegalArgumentException("headers has for " + name + " a value that is none: ASCII, at most "
                        + VALUE_CHARS_MAX + " characters");
            }
        });
    }
}

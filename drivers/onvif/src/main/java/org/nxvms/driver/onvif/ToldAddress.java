// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An address as a device tells it, without its host: that is the one that was typed. Devices write {@code xs:anyURI}, which may
 * hold what {@link java.net.URI} does not take (XML Schema part 2, 3.2.17), and hosts and logins that it does not read.
 *
 * @param scheme in lower case; empty when there is none
 * @param named whether a host is named
 * @param port where one is told
 * @param path as RFC 3986 writes it; may be empty
 * @param query with its question mark; empty when there is none
 */
record ToldAddress(String scheme, boolean named, OptionalInt port, String path, String query) {
    static final int PORT_MAX = 65_535;

    private static final int CHARS_MAX = 2_000;
    private static final Pattern PARTS = Pattern.compile(
            "(?:([A-Za-z][A-Za-z0-9+.-]{0,20}):)?(//[^/?#]*)?([^?#]*)(\\?[^#]*)?(?:#.*)?", Pattern.DOTALL);
    /** Of IPv6 without brackets the last part is no port. */
    private static final Pattern PORT = Pattern.compile("(?:[^:\\[\\]]*|\\[[^\\]]*\\]):(\\d{1,9})");

    private static final String PLAIN = "-._~!$&'()*+,;=:@/?";

    /** {@return what an address says; empty for what is none} */
    static Optional<ToldAddress> of(String told) {
        Matcher parts = PARTS.matcher(told.strip());
        if (told.length() > CHARS_MAX || !parts.matches()) {
            return Optional.empty();
        }
        String authority = parts.group(2) == null ? "" : parts.group(2).substring(2);
        String host = authority.substring(authority.lastIndexOf('@') + 1);
        Matcher port = PORT.matcher(host);
        return Optional.of(new ToldAddress(
                parts.group(1) == null ? "" : parts.group(1).toLowerCase(Locale.ROOT),
                !host.isEmpty(),
                port.matches() ? OptionalInt.of(Integer.parseInt(port.group(1))) : OptionalInt.empty(),
                escaped(parts.group(3), ""),
                parts.group(4) == null ? "" : escaped(parts.group(4), "[]")));
    }

    /** @param also what is left as it is beside what the standard names */
    private static String escaped(String text, String also) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            boolean code = point == '%' && text.substring(i).matches("(?s)%[0-9A-Fa-f]{2}.*");
            if (code || isPlain(point) || also.indexOf(point) >= 0) {
                out.appendCodePoint(point);
            } else {
                for (byte one : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
                    out.append(String.format(Locale.ROOT, "%%%02X", one & 0xff));
                }
            }
            i += Character.charCount(point);
        }
        return out.toString();
    }

    private static boolean isPlain(int point) {
        return point >= 'a' && point <= 'z'
                || point >= 'A' && point <= 'Z'
                || point >= '0' && point <= '9'
                || PLAIN.indexOf(point) >= 0;
    }
}

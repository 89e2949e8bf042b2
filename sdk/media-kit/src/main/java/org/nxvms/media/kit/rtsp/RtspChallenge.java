// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One challenge of a WWW-Authenticate header (RFC 7235 2.1, RFC 7616 3.3).
 *
 * @param scheme in lower case
 * @param parameters names in lower case, values without quotes
 */
public record RtspChallenge(String scheme, Map<String, String> parameters) {
    private static final int PARAMETERS_MAX = 32;

    public RtspChallenge {
        parameters = Map.copyOf(parameters);
    }

    public String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /** Reads all challenges of one header line; several may stand in a row, separated by commas. */
    public static List<RtspChallenge> parse(String header) {
        List<RtspChallenge> challenges = new ArrayList<>();
        Map<String, String> parameters = new LinkedHashMap<>();
        String scheme = "";
        for (String item : items(header)) {
            int equals = item.indexOf('=');
            int space = item.indexOf(' ');
            if (equals < 0 || space > 0 && space < equals && isToken(item.substring(0, space))) {
                if (!scheme.isEmpty()) {
                    challenges.add(new RtspChallenge(scheme, parameters));
                }
                parameters = new LinkedHashMap<>();
                scheme = (space < 0 ? item : item.substring(0, space)).toLowerCase(Locale.ROOT);
                item = space < 0 ? "" : item.substring(space + 1).trim();
                equals = item.indexOf('=');
            }
            if (equals > 0 && parameters.size() < PARAMETERS_MAX) {
                parameters.put(
                        item.substring(0, equals).trim().toLowerCase(Locale.ROOT),
                        unquote(item.substring(equals + 1).trim()));
            }
        }
        if (!scheme.isEmpty()) {
            challenges.add(new RtspChallenge(scheme, parameters));
        }
        return challenges;
    }

    /** Splits at commas that are not within quotes. */
    private static List<String> items(String header) {
        List<String> items = new ArrayList<>();
        int start = 0;
        boolean quoted = false;
        for (int i = 0; i <= header.length(); i++) {
            char c = i < header.length() ? header.charAt(i) : ',';
            if (c == '"' && (i == 0 || header.charAt(i - 1) != '\\')) {
                quoted = !quoted;
            }
            if (c == ',' && (!quoted || i == header.length())) {
                String item =
                        header.substring(start, Math.min(i, header.length())).trim();
                if (!item.isEmpty() && items.size() < 2 * PARAMETERS_MAX) {
                    items.add(item);
                }
                start = i + 1;
            }
        }
        return items;
    }

    private static boolean isToken(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 127 && c != '=' && c != '"');
    }

    private static String unquote(String value) {
        if (value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")) {
            return value.substring(1, value.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\");
        }
        return value;
    }
}

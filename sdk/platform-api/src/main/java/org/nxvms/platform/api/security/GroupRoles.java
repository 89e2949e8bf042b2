// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which role somebody has by the groups of a provider: the first line that fits. Names of groups are compared as directories
 * do, whatever their case and the number of their blanks (caseIgnoreMatch, RFC 4517 4.2.11). Immutable.
 */
public final class GroupRoles {
    private static final int LINES_MAX = 200;

    private final Map<String, String> roles = new LinkedHashMap<>();

    private GroupRoles() {}

    /**
     * @param setting {@code GROUP=ROLE}, separated by semicolons; a group may be a distinguished name, with commas and equals
     *     signs of its own
     * @throws IllegalArgumentException naming the part that is no {@code GROUP=ROLE}
     */
    public static GroupRoles parse(String setting) {
        GroupRoles parsed = new GroupRoles();
        String[] parts = setting.split(";");
        if (parts.length > LINES_MAX) {
            throw new IllegalArgumentException("more than " + LINES_MAX + " lines GROUP=ROLE");
        }
        for (String part : parts) {
            if (part.isBlank()) {
                continue;
            }
            int equals = part.lastIndexOf('=');
            if (equals < 0
                    || part.substring(0, equals).isBlank()
                    || part.substring(equals + 1).isBlank()) {
                throw new IllegalArgumentException("\"" + part.strip() + "\" is no GROUP=ROLE such as guards=operator");
            }
            parsed.roles.putIfAbsent(
                    key(part.substring(0, equals)), part.substring(equals + 1).strip());
        }
        return parsed;
    }

    /** {@return whether no group has a role, so that nobody comes in} */
    public boolean isEmpty() {
        return roles.isEmpty();
    }

    /** {@return the role of somebody in these groups} */
    public Optional<String> roleOf(Collection<String> groups) {
        Set<String> in = groups.stream().map(GroupRoles::key).collect(Collectors.toSet());
        return roles.entrySet().stream()
                .filter(line -> in.contains(line.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static String key(String group) {
        return group.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }
}

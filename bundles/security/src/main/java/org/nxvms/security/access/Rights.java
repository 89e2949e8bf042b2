// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.access;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.nxvms.platform.api.security.Permission;

/** What each role allows. An unknown role allows nothing. */
final class Rights {
    private static final Map<String, Set<Permission>> BY_ROLE = Map.of(
            "administrator", EnumSet.allOf(Permission.class),
            "operator",
                    EnumSet.of(
                            Permission.VIEW_LIVE,
                            Permission.VIEW_ARCHIVE,
                            Permission.VIEW_CONFIGURATION,
                            Permission.VIEW_HEALTH,
                            Permission.VIEW_EVENTS,
                            Permission.RAISE_EVENTS,
                            Permission.CONTROL_RECORDING,
                            Permission.CONTROL_CAMERA),
            "viewer", EnumSet.of(Permission.VIEW_LIVE, Permission.VIEW_ARCHIVE, Permission.VIEW_EVENTS));

    private Rights() {}

    static boolean allows(String role, Permission permission) {
        return BY_ROLE.getOrDefault(role, Set.of()).contains(permission);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.rights;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.nxvms.platform.api.security.Permission;

/** Sets of rights as the bits of a number, one a permission. */
public final class Bits {
    private static final Permission[] ALL_PERMISSIONS = Permission.values();

    /** Every right. */
    public static final long ALL = of(EnumSet.allOf(Permission.class));

    /** Those that are asked for single cameras. */
    public static final long OF_CAMERA = ofCamera();

    private Bits() {}

    private static long ofCamera() {
        long bits = 0;
        for (Permission permission : ALL_PERMISSIONS) {
            if (permission.isOfCamera()) {
                bits |= of(permission);
            }
        }
        return bits;
    }

    public static long of(Permission permission) {
        return 1L << permission.ordinal();
    }

    public static long of(Collection<Permission> permissions) {
        long bits = 0;
        for (Permission permission : permissions) {
            bits |= of(permission);
        }
        return bits;
    }

    /** By name in lower case; names that are not known count for nothing. */
    static long ofNames(Set<String> names) {
        long bits = 0;
        for (Permission permission : ALL_PERMISSIONS) {
            if (names.contains(name(permission))) {
                bits |= of(permission);
            }
        }
        return bits;
    }

    public static boolean has(long bits, Permission permission) {
        return (bits & of(permission)) != 0;
    }

    /** {@return the same as a set, in the order of the enum} */
    public static Set<Permission> set(long bits) {
        Set<Permission> found = EnumSet.noneOf(Permission.class);
        for (Permission permission : ALL_PERMISSIONS) {
            if (has(bits, permission)) {
                found.add(permission);
            }
        }
        return found;
    }

    /** {@return as it is stored, travels, and is told to people} */
    public static String name(Permission permission) {
        return permission.name().toLowerCase(Locale.ROOT);
    }
}

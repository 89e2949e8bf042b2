// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.rights;

import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.security.AccessScope;
import org.nxvms.platform.api.security.Permission;

/**
 * What is said of a user at a place.
 *
 * @param bits the role's rights
 * @param ptzPriority of the role
 * @param denied whether they are taken away
 * @param grant who said so; empty for the role the user has everywhere
 */
public record Statement(
        AccessScope scope, String role, long bits, int ptzPriority, boolean denied, Optional<UUID> grant) {
    boolean isAbout(Permission permission) {
        return Bits.has(bits, permission);
    }
}

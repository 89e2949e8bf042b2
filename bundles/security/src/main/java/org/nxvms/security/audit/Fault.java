// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.audit;

import java.util.Optional;
import org.nxvms.platform.api.audit.AuditEntry;

/**
 * What is wrong with a chain.
 *
 * @param entry at which it is wrong; empty where there is none to show, and then nobody can take it as known
 */
record Fault(Optional<AuditEntry> entry, String text) {
    static Fault at(AuditEntry entry, String text) {
        return new Fault(Optional.of(entry), text);
    }

    static Fault of(String text) {
        return new Fault(Optional.empty(), text);
    }
}

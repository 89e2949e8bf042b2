// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.audit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/** Takes notes of sensitive actions. Any thread. */
@ProviderType
public interface AuditTrail {
    /**
     * Notes something that has happened. Never blocks and never fails who calls: what cannot be stored now waits in
     * memory, and when too much waits it is counted, which becomes a note itself.
     */
    void note(AuditNote note);

    /** Waits, half a minute at most, until what was noted before is stored; {@return whether it is} */
    boolean flush() throws InterruptedException;

    /**
     * Reads the whole trail of this server and holds it against its chain. Blocks for as long as that takes.
     *
     * @throws org.nxvms.platform.api.StoreException when the database fails
     */
    Verdict verify();

    /**
     * What became of the trail.
     *
     * @param entries how many were read
     * @param faults what is wrong, by entry, at most some dozens; empty when the trail is whole
     * @param last the newest entry that was read
     * @param others how many entries there are by other servers, which alone can verify them; whoever has the database may
     *     have put them in
     */
    record Verdict(long entries, List<String> faults, Optional<AuditEntry> last, Map<UUID, Long> others) {
        public Verdict {
            faults = List.copyOf(faults);
            others = Map.copyOf(others);
        }

        /** Without other servers. */
        public Verdict(long entries, List<String> faults, Optional<AuditEntry> last) {
            this(entries, faults, last, Map.of());
        }

        public boolean isWhole() {
            return faults.isEmpty();
        }
    }
}

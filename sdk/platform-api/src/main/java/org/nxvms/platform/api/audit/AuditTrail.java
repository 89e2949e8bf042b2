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

    /**
     * As {@link #note} for what is done many times in a row, as moving a camera or looking at footage: the first time is
     * noted at once; what the same actor does of the same to the same subject after it is counted, and told by one more note
     * when it has not been done for some minutes, or an hour is over. That one has the count in {@code more}, the fields of
     * the last time, and the earliest {@code from} and the latest {@code to} of them all. Refusals are noted as by {@link
     * #note}.
     */
    default void noteOften(AuditNote note) {
        note(note);
    }

    /** Waits, half a minute at most, until what was noted before is stored; {@return whether it is} */
    boolean flush() throws InterruptedException;

    /**
     * Reads the whole trail of this server and holds it against its chain. Blocks for as long as that takes.
     *
     * @throws org.nxvms.platform.api.StoreException when the database fails
     */
    Verdict verify();

    /**
     * Takes what is wrong as known: an entry of the chain says for each fault, at most some dozens at once, who knew of it
     * and why it is so. It counts as long as nothing about it changes. Blocks as {@link #verify}.
     *
     * @param who an administrator
     * @param why for those who read it later
     * @return what is known from now on; empty when nothing was wrong that can be
     * @throws org.nxvms.platform.api.StoreException when the database fails
     */
    List<String> acknowledge(AuditNote.Actor who, String why);

    /**
     * What became of the trail.
     *
     * @param entries how many were read
     * @param faults what is wrong, by entry, at most some dozens; empty when the trail is whole
     * @param acknowledged what is wrong and an administrator has taken as known
     * @param last the newest entry that was read
     * @param others how many entries there are by other servers, which alone can verify them; whoever has the database may
     *     have put them in
     */
    record Verdict(
            long entries,
            List<String> faults,
            List<String> acknowledged,
            Optional<AuditEntry> last,
            Map<UUID, Long> others) {
        public Verdict {
            faults = List.copyOf(faults);
            acknowledged = List.copyOf(acknowledged);
            others = Map.copyOf(others);
        }

        /** Without other servers, and nothing acknowledged. */
        public Verdict(long entries, List<String> faults, Optional<AuditEntry> last) {
            this(entries, faults, List.of(), last, Map.of());
        }

        public boolean isWhole() {
            return faults.isEmpty();
        }
    }
}

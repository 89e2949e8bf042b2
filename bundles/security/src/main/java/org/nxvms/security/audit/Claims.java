// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.audit;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.nxvms.platform.api.audit.AuditEntry;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditStore;

/**
 * What entries of a chain say of those before them: up to where they were removed by age, and which faults an administrator
 * knows of. Read before the chain is held against its hashes, which is no risk: an entry that somebody else made or altered
 * is a fault itself, and that one is known only by a seal that nobody makes without the key.
 */
final class Claims {
    static final String REMOVED = "audit.removed_by_age";
    static final String ACKNOWLEDGED = "audit.acknowledged";

    private static final int PAGE = 500;
    private static final String SERVER = "server";
    private static final String TO = "to";
    private static final String HASH = "hash";
    private static final String FAULTS = "faults";
    private static final String SEAL = "seal";

    private final AuditChain chain;
    private final Map<Long, AuditEntry> removals = new HashMap<>();
    private final Set<String> seals = new HashSet<>();

    private Claims(AuditChain chain) {
        this.chain = chain;
    }

    static Claims of(AuditChain chain, UUID server, AuditStore entries) {
        Claims claims = new Claims(chain);
        each(entries, server, REMOVED, entry -> claims.removals.put(number(entry, TO), entry));
        each(
                entries,
                server,
                ACKNOWLEDGED,
                entry -> claims.seals.add(entry.note().after().getOrDefault(SEAL, "")));
        return claims;
    }

    private interface Each {
        void take(AuditEntry entry);
    }

    private static void each(AuditStore entries, UUID server, String action, Each each) {
        Optional<AuditStore.Position> before = Optional.empty();
        List<AuditEntry> page;
        do {
            page = entries.find(new AuditStore.Query(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(action),
                    Optional.empty(),
                    before,
                    PAGE));
            for (AuditEntry entry : page) {
                if (entry.serverId().equals(server)) {
                    each.take(entry);
                }
                before = Optional.of(new AuditStore.Position(entry.at(), entry.serverId(), entry.sequence()));
            }
        } while (page.size() == PAGE);
    }

    private static long number(AuditEntry entry, String field) {
        String text = entry.note().after().getOrDefault(field, "");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
    }

    /** {@return the hash of an entry that was removed by age, as the last of those that were} */
    Optional<String> removed(long sequence) {
        return Optional.ofNullable(removals.get(sequence))
                .filter(entry -> entry.sequence() > sequence)
                .map(entry -> entry.note().after().getOrDefault(HASH, ""));
    }

    boolean isKnown(Fault fault) {
        return fault.entry().isPresent() && seals.contains(seal(fault));
    }

    private String seal(Fault fault) {
        return chain.seal(fault.text(), fault.entry().orElseThrow());
    }

    /** {@return what an entry is wrong by that is as it was written: that others were not, when they were removed} */
    static Optional<String> confession(AuditEntry entry) {
        return entry.note().action().equals(REMOVED) && number(entry, FAULTS) != 0
                ? Optional.of("entry " + entry.sequence() + " of " + entry.at() + " says that "
                        + entry.note().after().getOrDefault(FAULTS, "?")
                        + " of the entries that were removed by age were not as they were written")
                : Optional.empty();
    }

    /**
     * {@return the note of a removal}
     *
     * @param last of those that go
     * @param faults how many of them are not as they were written, and nobody knows of
     */
    static AuditNote removal(AuditEntry first, AuditEntry last, int faults) {
        AuditNote.Actor self = new AuditNote.Actor(Optional.empty(), SERVER, Optional.empty(), SERVER);
        Map<String, String> told = Map.of(
                "from",
                Long.toString(first.sequence()),
                TO,
                Long.toString(last.sequence()),
                "until",
                last.at().toString(),
                HASH,
                last.hash(),
                FAULTS,
                Integer.toString(faults));
        return new AuditNote(REMOVED, true, self, "", Map.of(), told);
    }

    /** {@return the note that somebody knows of a fault at an entry} */
    AuditNote acknowledgement(Fault fault, AuditNote.Actor who, String why) {
        AuditEntry entry = fault.entry().orElseThrow();
        return new AuditNote(
                ACKNOWLEDGED,
                true,
                who,
                "audit/" + entry.sequence(),
                Map.of(),
                Map.of("fault", fault.text(), SEAL, seal(fault), "why", why));
    }

    /** {@return the note of entries that are missing behind the last one there is, at which nothing can be sealed yet} */
    static AuditNote end(AuditNote.Actor who, Instant found) {
        return new AuditNote("audit.end_missing", true, who, "", Map.of(), Map.of("found", found.toString()));
    }
}

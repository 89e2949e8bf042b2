// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.audit.AuditEntry;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditStore;

/**
 * Which entries are too old: from the beginning of the chain on, as long as they are. A day's at once, so that there are few
 * entries that tell of it. An entry from the future keeps none behind it, and goes when one behind it does: either the clock
 * was wrong, or it is right and what things grow old by is behind, as for a day after a long rest (ADR 13).
 */
final class AuditAging {
    /** In one transaction; what is older still goes at the next look. */
    static final int REMOVED_MAX = 10_000;

    private static final int PAGE = 500;
    private static final Duration TOGETHER = Duration.ofDays(1);

    private final AuditChain chain;
    private final UUID server;

    AuditAging(AuditChain chain, UUID server) {
        this.chain = chain;
        this.server = server;
    }

    /**
     * What is to be removed.
     *
     * @param upTo the last one's sequence
     * @param note which stands in the chain before they go
     */
    record Removal(long upTo, AuditNote note) {}

    /**
     * @param now by the clock of what grows old
     * @param days for how long entries are kept; 0: for ever
     */
    Optional<Removal> due(AuditStore entries, Instant now, int days) {
        if (days == 0) {
            return Optional.empty();
        }
        Instant oldest = now.minus(Duration.ofDays(days));
        List<AuditEntry> page = entries.after(server, Long.MIN_VALUE, PAGE);
        boolean stays = page.stream()
                .filter(entry -> !entry.at().isAfter(now))
                .findFirst()
                .filter(entry -> !entry.at().isBefore(oldest.minus(TOGETHER)))
                .isPresent();
        if (page.isEmpty() || stays) {
            return Optional.empty();
        }
        ChainVerification verification = new ChainVerification(chain, server, entries);
        AuditEntry first = page.get(0);
        Optional<AuditEntry> last = Optional.empty();
        int faults = 0;
        int taken = 0;
        while (!page.isEmpty()) {
            for (AuditEntry entry : page) {
                boolean future = entry.at().isAfter(now);
                if (!future && !entry.at().isBefore(oldest) || taken >= REMOVED_MAX && last.isPresent()) {
                    return removal(first, last, faults);
                }
                verification.take(entry);
                taken++;
                if (!future) {
                    last = Optional.of(entry);
                    faults = verification.found();
                }
            }
            page = entries.after(server, page.get(page.size() - 1).sequence(), PAGE);
        }
        return removal(first, last, faults);
    }

    private static Optional<Removal> removal(AuditEntry first, Optional<AuditEntry> last, int faults) {
        return last.map(known -> new Removal(known.sequence(), Claims.removal(first, known, faults)));
    }
}

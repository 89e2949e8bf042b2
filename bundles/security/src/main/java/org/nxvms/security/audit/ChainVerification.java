// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.audit.AuditEntry;
import org.nxvms.platform.api.audit.AuditStore;
import org.nxvms.platform.api.audit.AuditTrail.Verdict;
import org.nxvms.security.audit.AuditHead.Place;

/**
 * Reads the entries of a server and holds each against the one before, or against what says how that was removed, and the
 * last against the end that is on file.
 */
final class ChainVerification {
    private static final int PAGE = 500;
    private static final int FAULTS_MAX = 50;

    private final AuditChain chain;
    private final UUID server;
    private final AuditStore entries;
    private final Claims claims;
    private final List<Fault> faults = new ArrayList<>();
    private final List<String> acknowledged = new ArrayList<>();
    private Place before = new Place(0, AuditChain.BEGINNING);
    private int found;

    ChainVerification(AuditChain chain, UUID server, AuditStore entries) {
        this.chain = chain;
        this.server = server;
        this.entries = entries;
        this.claims = Claims.of(chain, server, entries);
    }

    /** @param end as read before: it may grow meanwhile, and is then not behind what is read */
    Verdict run(Optional<Place> end) {
        Optional<AuditEntry> last = Optional.empty();
        long count = 0;
        List<AuditEntry> page = entries.after(server, Long.MIN_VALUE, PAGE);
        while (!page.isEmpty()) {
            for (AuditEntry entry : page) {
                count++;
                if (take(entry)) {
                    last = Optional.of(entry);
                }
            }
            page = entries.after(server, page.get(page.size() - 1).sequence(), PAGE);
        }
        checkEnd(end, before);
        Map<UUID, Long> others = new HashMap<>(entries.counts());
        others.remove(server);
        return new Verdict(count, faults.stream().map(Fault::text).toList(), acknowledged, last, others);
    }

    /** {@return whether it stands in the chain} In their order. */
    boolean take(AuditEntry entry) {
        if (entry.sequence() < 1) {
            fault(Fault.at(
                    entry, "entry " + entry.sequence() + " of " + entry.at() + " was put in: the first one is 1"));
            return false;
        }
        long removed = entry.sequence() - 1;
        if (removed != before.sequence()) {
            claims.removed(removed).ifPresent(hash -> before = new Place(removed, hash));
        }
        compare(entry);
        before = new Place(entry.sequence(), entry.hash());
        return true;
    }

    /** {@return what was found and nobody knows of} */
    List<Fault> faults() {
        return List.copyOf(faults);
    }

    /** {@return how many those are, beyond those that are listed too} */
    int found() {
        return found;
    }

    Claims claims() {
        return claims;
    }

    private void compare(AuditEntry entry) {
        String which = "entry " + entry.sequence() + " of " + entry.at();
        if (entry.hash().isEmpty()) {
            fault(Fault.at(entry, which + " is in a form that this server does not write"));
        } else if (entry.sequence() != before.sequence() + 1) {
            fault(Fault.at(
                    entry,
                    "entries " + (before.sequence() + 1) + " to " + (entry.sequence() - 1)
                            + " are missing, so that entry " + entry.sequence() + " cannot be verified"));
        } else if (before.hash().isEmpty()) {
            fault(Fault.at(entry, which + " cannot be verified without the one before"));
        } else if (!chain.fits(before.hash(), entry)) {
            fault(Fault.at(entry, which + " is not as it was written"));
        } else {
            Claims.confession(entry).ifPresent(text -> fault(Fault.at(entry, text)));
        }
    }

    private void checkEnd(Optional<Place> end, Place read) {
        if (end.isEmpty()) {
            if (read.sequence() > 0) {
                fault(Fault.of(
                        "keys/audit-head.json is missing, so that entries missing at the end would not be noticed"));
            }
            return;
        }
        long sequence = end.get().sequence();
        if (sequence > read.sequence()) {
            fault(Fault.of("entries " + (read.sequence() + 1) + " to " + sequence + " are missing at the end"));
            return;
        }
        boolean there = entries.after(server, sequence - 1, 1).stream()
                .anyMatch(entry -> entry.sequence() == sequence
                        && entry.hash().equals(end.get().hash()));
        if (!there) {
            fault(Fault.of("entry " + sequence + " is another one than this server wrote"));
        }
    }

    /** The first faults in words, and that there are more. */
    private void fault(Fault fault) {
        if (claims.isKnown(fault)) {
            if (acknowledged.size() < FAULTS_MAX) {
                acknowledged.add(fault.text());
            }
            return;
        }
        if (++found <= FAULTS_MAX) {
            faults.add(fault);
        } else if (found == FAULTS_MAX + 1) {
            faults.add(Fault.of("and more"));
        }
    }
}

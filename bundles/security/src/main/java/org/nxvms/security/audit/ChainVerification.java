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

/** Reads all entries of a server and holds each against the one before, and the last against the end that is on file. */
final class ChainVerification {
    private static final int PAGE = 500;
    private static final int FAULTS_MAX = 50;

    private final AuditChain chain;
    private final UUID server;
    private final AuditStore entries;
    private final List<String> faults = new ArrayList<>();
    private int more;

    ChainVerification(AuditChain chain, UUID server, AuditStore entries) {
        this.chain = chain;
        this.server = server;
        this.entries = entries;
    }

    /** @param end as read before: it may grow meanwhile, and is then not behind what is read */
    Verdict run(Optional<Place> end) {
        Optional<AuditEntry> last = Optional.empty();
        Place before = new Place(0, AuditChain.BEGINNING);
        long count = 0;
        List<AuditEntry> page = entries.after(server, Long.MIN_VALUE, PAGE);
        while (!page.isEmpty()) {
            for (AuditEntry entry : page) {
                count++;
                if (entry.sequence() < 1) {
                    fault("entry " + entry.sequence() + " of " + entry.at() + " was put in: the first one is 1");
                } else {
                    compare(before, entry);
                    before = new Place(entry.sequence(), entry.hash());
                    last = Optional.of(entry);
                }
            }
            page = entries.after(server, page.get(page.size() - 1).sequence(), PAGE);
        }
        checkEnd(end, before);
        Map<UUID, Long> others = new HashMap<>(entries.counts());
        others.remove(server);
        return new Verdict(count, faults, last, others);
    }

    private void compare(Place before, AuditEntry entry) {
        if (entry.hash().isEmpty()) {
            fault("entry " + entry.sequence() + " of " + entry.at() + " is in a form that this server does not write");
        } else if (entry.sequence() != before.sequence() + 1) {
            fault("entries " + (before.sequence() + 1) + " to " + (entry.sequence() - 1)
                    + " are missing, so that entry " + entry.sequence() + " cannot be verified");
        } else if (before.hash().isEmpty()) {
            fault("entry " + entry.sequence() + " of " + entry.at() + " cannot be verified without the one before");
        } else if (!chain.fits(before.hash(), entry)) {
            fault("entry " + entry.sequence() + " of " + entry.at() + " is not as it was written");
        }
    }

    private void checkEnd(Optional<Place> end, Place read) {
        if (end.isEmpty()) {
            if (read.sequence() > 0) {
                fault("keys/audit-head.json is missing, so that entries missing at the end would not be noticed");
            }
            return;
        }
        long sequence = end.get().sequence();
        if (sequence > read.sequence()) {
            fault("entries " + (read.sequence() + 1) + " to " + sequence + " are missing at the end");
            return;
        }
        boolean there = entries.after(server, sequence - 1, 1).stream()
                .anyMatch(entry -> entry.sequence() == sequence
                        && entry.hash().equals(end.get().hash()));
        if (!there) {
            fault("entry " + sequence + " is another one than this server wrote");
        }
    }

    /** The first faults in words, and that there are more. */
    private void fault(String fault) {
        if (faults.size() < FAULTS_MAX) {
            faults.add(fault);
        } else if (++more == 1) {
            faults.add("and more");
        }
    }
}

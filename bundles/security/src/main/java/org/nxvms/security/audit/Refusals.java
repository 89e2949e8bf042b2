// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.nxvms.platform.api.audit.AuditNote;

/**
 * Who is refused the same again and again is noted once, and a minute later how often it was: else whoever may do nothing
 * could fill the audit, and the database that recording needs, by asking. Any thread.
 */
final class Refusals {
    private static final Duration TOGETHER = Duration.ofMinutes(1);

    /** More of them at once are noted one by one. */
    private static final int ENTRIES_MAX = 1_000;

    private final Map<String, Repeats> running = new LinkedHashMap<>();

    private static final class Repeats {
        private final AuditNote first;
        private final Instant until;
        private long more;

        private Repeats(AuditNote first, Instant until) {
            this.first = first;
            this.until = until;
        }

        /** As the first one, without what that was about: the others may have been about something else. */
        private AuditNote note() {
            Map<String, String> after = new HashMap<>();
            after.put("more", Long.toString(more));
            String why = first.after().get("refused");
            if (why != null) {
                after.put("refused", why);
            }
            return new AuditNote(first.action(), false, first.actor(), "", Map.of(), after);
        }
    }

    /** {@return whether a note is to be taken; else it is counted} */
    synchronized boolean isNews(AuditNote note, Instant now) {
        if (note.done()) {
            return true;
        }
        String key = key(note);
        Repeats known = running.get(key);
        if (known != null && known.until.isAfter(now)) {
            known.more++;
            return false;
        }
        if (known == null && running.size() < ENTRIES_MAX) {
            running.put(key, new Repeats(note, now.plus(TOGETHER)));
        }
        return true;
    }

    /** {@return notes of how often it was, of those whose time is over} */
    synchronized List<AuditNote> over(Instant now) {
        List<AuditNote> over = new ArrayList<>();
        for (Iterator<Repeats> each = running.values().iterator(); each.hasNext(); ) {
            Repeats repeats = each.next();
            if (!repeats.until.isAfter(now)) {
                each.remove();
                if (repeats.more > 0) {
                    over.add(repeats.note());
                }
            }
        }
        return over;
    }

    /** A user by the id, wherever from; a stranger by the name that was tried, from one address. */
    private static String key(AuditNote note) {
        AuditNote.Actor actor = note.actor();
        return note.action() + '\n' + actor.userId().map(UUID::toString).orElse(actor.name() + '\n' + actor.address());
    }
}

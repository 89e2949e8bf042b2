// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.trail;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;

/** Keeps notes while the audit itself is being exchanged: just then somebody does what belongs into it. Any thread. */
final class LateNotes {
    /** A feature of some dozens of bundles, several times; an exchange takes seconds. */
    private static final int WAITING_MAX = 200;

    private static final String AT = "at";

    private final Queue<AuditNote> waiting = new ArrayDeque<>();
    private AuditTrail trail;
    private int lost;

    /** Notes at once, or when there is an audit again, with the time when it happened. */
    synchronized void note(AuditNote note) {
        if (trail != null) {
            trail.note(note);
        } else if (waiting.size() < WAITING_MAX) {
            Map<String, String> after = new TreeMap<>(note.after());
            after.put(AT, Instant.now().toString());
            waiting.add(new AuditNote(note.action(), note.done(), note.actor(), note.subject(), note.before(), after));
        } else {
            lost++;
        }
    }

    synchronized void with(AuditTrail now) {
        trail = now;
        for (AuditNote note = waiting.poll(); note != null; note = waiting.poll()) {
            now.note(note);
        }
        if (lost > 0) {
            now.note(new AuditNote(
                    "audit.lost",
                    true,
                    Hands.SYSTEM,
                    "",
                    Map.of(),
                    Map.of("notes", Integer.toString(lost), "why", "no audit was there")));
            lost = 0;
        }
    }

    /** @param gone whoever is there instead by now stays */
    synchronized void without(AuditTrail gone) {
        if (trail == gone) {
            trail = null;
        }
    }
}

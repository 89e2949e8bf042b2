// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.audit;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.nxvms.platform.api.audit.AuditNote;

/** Brings notes to what the table holds; what strangers send may be long and may hold anything. */
final class NoteBounds {
    private static final int NAME_MAX = 100;
    private static final int SUBJECT_MAX = 300;
    private static final int FIELDS_MAX = 12;
    private static final int FIELD_NAME_MAX = 40;

    /** Twelve of them, with every character escaped, are less than a column of 8000. */
    private static final int VALUE_MAX = 280;

    private static final String CUT = "...";

    private static final Pattern UNWANTED = Pattern.compile("[\\p{Cntrl}\\p{Cs}\\p{Co}\\p{Cn}]");

    private NoteBounds() {}

    static AuditNote bounded(AuditNote note) {
        AuditNote.Actor actor = note.actor();
        return new AuditNote(
                text(note.action(), NAME_MAX),
                note.done(),
                new AuditNote.Actor(
                        actor.userId(), text(actor.name(), NAME_MAX), actor.apiKey(), text(actor.address(), NAME_MAX)),
                text(note.subject(), SUBJECT_MAX),
                fields(note.before()),
                fields(note.after()));
    }

    /** Of more fields than find room the last one says how many are left out. */
    private static Map<String, String> fields(Map<String, String> fields) {
        int shown = fields.size() > FIELDS_MAX ? FIELDS_MAX - 1 : FIELDS_MAX;
        Map<String, String> bounded = new TreeMap<>();
        new TreeMap<>(fields)
                .entrySet().stream()
                        .limit(shown)
                        .forEach(field ->
                                bounded.put(text(field.getKey(), FIELD_NAME_MAX), text(field.getValue(), VALUE_MAX)));
        if (fields.size() > shown) {
            bounded.put(CUT, fields.size() - shown + " more");
        }
        return bounded;
    }

    /** Without control characters and halves of characters, which not every database gives back as they were. */
    private static String text(String text, int max) {
        String clean = UNWANTED.matcher(text).replaceAll("?");
        if (clean.length() <= max) {
            return clean;
        }
        int end = max - CUT.length();
        return clean.substring(0, Character.isHighSurrogate(clean.charAt(end - 1)) ? end - 1 : end) + CUT;
    }
}

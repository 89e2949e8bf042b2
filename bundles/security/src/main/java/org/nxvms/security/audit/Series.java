// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.rest.kit.rate.Networks;

/**
 * What somebody does again and again, as moving a camera or looking at footage: the first time is noted, and when it is over
 * how often it was: else who watches an hour of footage would fill the audit with some thousand entries, in which nobody
 * finds anything. Who does something else, or the same to something else, begins another series. Any thread.
 */
final class Series {
    /** What has not been done for so long is over. */
    static final Duration SILENCE = Duration.ofMinutes(5);

    /** What goes on is told of so often. */
    static final Duration LENGTH_MAX = Duration.ofHours(1);

    /** Some hundred users with a wall of cameras each; the one that rested longest is told early. */
    static final int RUNNING_MAX = 5_000;

    private static final String MORE = "more";

    /** By what was done last, the longest ago first. */
    private final Map<String, Run> running = new LinkedHashMap<>(64, 0.75f, true);

    private static final class Run {
        private final AuditNote first;
        private final Instant begun;
        private Instant last;
        private AuditNote newest;
        private String from = "";
        private String to = "";
        private long more;

        private Run(AuditNote first, Instant now) {
            this.first = first;
            this.begun = now;
            this.last = now;
            this.newest = first;
            widen(first);
        }

        private void add(AuditNote note, Instant now) {
            newest = note;
            last = now;
            more++;
            widen(note);
        }

        private void widen(AuditNote note) {
            from = chosen(from, note.after().get(AuditNote.FROM), (a, b) -> b.isBefore(a) ? b : a);
            to = chosen(to, note.after().get(AuditNote.TO), (a, b) -> b.isAfter(a) ? b : a);
        }

        private static String chosen(String known, String told, BinaryOperator<Instant> choice) {
            if (told == null || known.isEmpty()) {
                return told == null ? known : told;
            }
            try {
                return choice.apply(Instant.parse(known), Instant.parse(told)).toString();
            } catch (DateTimeParseException noTimes) {
                return told;
            }
        }

        /** Also when the clock was set back. */
        private boolean isOver(Instant now) {
            return now.isBefore(begun) || !now.isBefore(last.plus(SILENCE)) || !now.isBefore(begun.plus(LENGTH_MAX));
        }

        private Optional<AuditNote> note() {
            if (more == 0) {
                return Optional.empty();
            }
            Map<String, String> after = new HashMap<>(newest.after());
            after.put(MORE, Long.toString(more));
            if (!from.isEmpty()) {
                after.put(AuditNote.FROM, from);
            }
            if (!to.isEmpty()) {
                after.put(AuditNote.TO, to);
            }
            return Optional.of(
                    new AuditNote(first.action(), true, newest.actor(), first.subject(), newest.before(), after));
        }
    }

    /**
     * {@return what is to be noted of it now, and of a series that is over}
     *
     * @param clock asked when nobody else is here: by an older time a series that has begun since would be over
     */
    synchronized List<AuditNote> taken(AuditNote note, Supplier<Instant> clock) {
        Instant now = clock.get();
        List<AuditNote> news = new ArrayList<>();
        String key = key(note);
        Run known = running.get(key);
        if (known != null && !known.isOver(now)) {
            known.add(note, now);
            return news;
        }
        if (known != null) {
            end(running.remove(key), news);
        } else if (running.size() == RUNNING_MAX) {
            Iterator<Run> eldest = running.values().iterator();
            Run rested = eldest.next();
            eldest.remove();
            end(rested, news);
        }
        running.put(key, new Run(note, now));
        news.add(note);
        return news;
    }

    private static void end(Run run, List<AuditNote> news) {
        run.note().ifPresent(news::add);
    }

    /**
     * {@return of the series that are over what is to be noted}
     *
     * @param clock asked as by {@link #taken}
     */
    synchronized List<AuditNote> over(Supplier<Instant> clock) {
        Instant now = clock.get();
        List<AuditNote> news = new ArrayList<>();
        for (Iterator<Run> each = running.values().iterator(); each.hasNext(); ) {
            Run run = each.next();
            if (run.isOver(now)) {
                each.remove();
                end(run, news);
            }
        }
        return news;
    }

    private static String key(AuditNote note) {
        AuditNote.Actor actor = note.actor();
        return String.join(
                "\n",
                note.action(),
                actor.userId().map(UUID::toString).orElse(actor.name()),
                actor.apiKey().map(UUID::toString).orElse(""),
                Networks.of(actor.address()),
                note.subject(),
                note.after().getOrDefault(AuditNote.WAY, ""));
    }
}

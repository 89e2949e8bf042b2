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
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.rest.kit.rate.Networks;

/**
 * Who is refused the same again and again, for the same reason and from the same network, is noted once, and a minute later
 * how often it was: else whoever may do nothing could fill the audit, and the database that recording needs, by asking. Of
 * very many who are refused only so many are named; the others are counted by action. Any thread.
 */
final class Refusals {
    private static final Duration TOGETHER = Duration.ofMinutes(1);

    /** Named of one kind at once: users, and strangers apart from them, so that these cannot hide what users try. */
    static final int NAMED_MAX = 1_000;

    /** By then another one may be named: some ten thousand a day, whatever strangers do. */
    static final Duration NAMED_EVERY = Duration.ofSeconds(10);

    private static final String MANY = "many";
    private static final String WHY = "refused";

    private final Map<String, Repeats> running = new LinkedHashMap<>();
    private final Budget users = new Budget();
    private final Budget strangers = new Budget();

    private static final class Repeats {
        private final AuditNote first;
        private final Instant since;
        private long more;

        private Repeats(AuditNote first, Instant since) {
            this.first = first;
            this.since = since;
        }

        /** Also when the clock was set back. */
        private boolean isOver(Instant now) {
            return now.isBefore(since) || !now.isBefore(since.plus(TOGETHER));
        }

        /** As the first one, without what that was about: the others may have been about something else. */
        private Optional<AuditNote> note() {
            if (more == 0) {
                return Optional.empty();
            }
            Map<String, String> after = new HashMap<>();
            after.put("more", Long.toString(more));
            String why = first.after().get(WHY);
            if (why != null) {
                after.put(WHY, why);
            }
            return Optional.of(new AuditNote(first.action(), false, first.actor(), "", Map.of(), after));
        }
    }

    /** Fills by the time, up to a number. */
    private static final class Budget {
        private double left = NAMED_MAX;
        private Instant at = Instant.MIN;

        private boolean take(Instant now) {
            if (at != Instant.MIN && now.isAfter(at)) {
                double more = (double) Duration.between(at, now).toMillis() / NAMED_EVERY.toMillis();
                left = Math.min(NAMED_MAX, left + more);
            }
            at = now;
            if (left < 1) {
                return false;
            }
            left--;
            return true;
        }
    }

    /**
     * {@return what is to be noted of it now, and of those before it; nothing when it is counted only}
     *
     * @param clock asked when nobody else is here: by an older time those that have begun since would be over
     */
    synchronized List<AuditNote> taken(AuditNote note, Supplier<Instant> clock) {
        if (note.done()) {
            return List.of(note);
        }
        Instant now = clock.get();
        List<AuditNote> news = new ArrayList<>();
        Optional<Repeats> known = current(key(note), now, news);
        if (known.isPresent()) {
            known.get().more++;
        } else if ((note.actor().userId().isPresent() ? users : strangers).take(now)) {
            running.put(key(note), new Repeats(note, now));
            news.add(note);
        } else {
            Repeats many = current(note.action(), now, news).orElseGet(() -> new Repeats(ofMany(note), now));
            many.more++;
            running.put(note.action(), many);
        }
        return news;
    }

    /** {@return what runs under a key; what is over is told among the news} */
    private Optional<Repeats> current(String key, Instant now, List<AuditNote> news) {
        Optional<Repeats> known = Optional.ofNullable(running.get(key));
        if (known.filter(repeats -> repeats.isOver(now)).isPresent()) {
            running.remove(key);
            known.get().note().ifPresent(news::add);
            return Optional.empty();
        }
        return known;
    }

    private static AuditNote ofMany(AuditNote one) {
        AuditNote.Actor many = new AuditNote.Actor(Optional.empty(), MANY, Optional.empty(), MANY);
        return new AuditNote(one.action(), false, many, "", Map.of(), Map.of());
    }

    /**
     * {@return notes of how often it was, of those whose time is over}
     *
     * @param clock asked as by {@link #taken}
     */
    synchronized List<AuditNote> over(Supplier<Instant> clock) {
        Instant now = clock.get();
        List<AuditNote> over = new ArrayList<>();
        for (Iterator<Repeats> each = running.values().iterator(); each.hasNext(); ) {
            Repeats repeats = each.next();
            if (repeats.isOver(now)) {
                each.remove();
                repeats.note().ifPresent(over::add);
            }
        }
        return over;
    }

    /** A user by the id, a stranger by the name that was tried. */
    private static String key(AuditNote note) {
        AuditNote.Actor actor = note.actor();
        return String.join(
                "\n",
                note.action(),
                actor.userId().map(UUID::toString).orElse(actor.name()),
                Networks.of(actor.address()),
                note.after().getOrDefault(WHY, ""));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.events.fake.Notebook;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventFigures;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventKindInfo;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.event.EventQuery;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;

/** A planned restart alarms nobody; a crash is one alarm, not one of each camera. */
class StartWatchTest {
    private static final UUID SERVER = new UUID(7, 7);
    private static final UUID OTHER = new UUID(8, 8);
    private static final long STARTED_US = 1_000;
    private static final String CALM = "server.started {crashed=false, version=1.0}";
    private static final String CRASHED = "server.started {crashed=true, version=1.0}";

    private final Notebook notes = new Notebook();
    private final List<Event> stored = new ArrayList<>();
    private boolean databaseThere = true;
    private final StartWatch watch = new StartWatch(notes, new Log(), SERVER, "1.0", STARTED_US);

    /** Newest first, as the store answers. */
    private final class Log implements EventLog {
        @Override
        public List<Event> find(EventQuery query) {
            if (!databaseThere) {
                throw new StoreException("the database is not there", new IllegalStateException());
            }
            return stored.stream().filter(query.filter()::fits).toList();
        }

        @Override
        public Optional<Event> get(UUID id) {
            throw new AssertionError("no single one is asked for");
        }

        @Override
        public List<Event> open(EventFilter filter) {
            throw new AssertionError("a start is no state");
        }

        @Override
        public List<EventKindInfo> kinds() {
            return List.of();
        }

        @Override
        public EventFigures figures() {
            throw new AssertionError("nobody counts");
        }
    }

    private void before(UUID server, String kind, long atUs) {
        EventFact fact =
                EventFact.of(EventSource.server(server, ""), kind, EventSeverity.INFO, "", EventAttributes.NONE);
        stored.add(0, new Event(new UUID(9, atUs), server, atUs, fact, EventSpan.pulse(atUs)));
    }

    @Test
    void theFirstStartAndOneAfterAStopAreNoAlarm() {
        watch.look();
        watch.look();
        assertThat(notes.take()).containsExactly(CALM);
        before(SERVER, EventKinds.SERVER_STARTED, 10);
        before(SERVER, EventKinds.SERVER_STOPPED, 20);
        StartWatch next = new StartWatch(notes, new Log(), SERVER, "1.0", STARTED_US);
        next.look();
        assertThat(notes.take()).containsExactly(CALM);
    }

    @Test
    void aStartThatNoStopFollowedWasACrash() {
        before(SERVER, EventKinds.SERVER_STARTED, 10);
        // Of another server on the same database.
        before(OTHER, EventKinds.SERVER_STOPPED, 20);
        watch.look();
        assertThat(notes.take()).containsExactly(CRASHED);
    }

    @Test
    void itWaitsForTheDatabaseButNotForEver() {
        databaseThere = false;
        before(SERVER, EventKinds.SERVER_STARTED, 10);
        watch.look();
        assertThat(notes.take()).isEmpty();
        databaseThere = true;
        watch.look();
        assertThat(notes.take()).containsExactly(CRASHED);

        databaseThere = false;
        StartWatch blind = new StartWatch(notes, new Log(), SERVER, "1.0", STARTED_US);
        for (int look = 0; look < StartWatch.LOOKS_MAX; look++) {
            blind.look();
        }
        assertThat(notes.take()).containsExactly(CALM);
    }
}

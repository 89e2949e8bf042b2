// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventQuery;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;

/** What the event store promises, against a list in memory as its model; run once per database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EventStories {
    private static final UUID SERVER = new UUID(7, 7);
    private static final UUID NEIGHBOUR = new UUID(7, 8);
    private static final long MINUTE_US = 60_000_000L;
    private static final List<UUID> CAMERAS = List.of(new UUID(1, 1), new UUID(1, 2), new UUID(1, 3));
    private static final List<String> KINDS =
            List.of("camera.motion", "camera.input", "camera_x.input", "recording.gap", "acme.my_door.open");
    private static final Comparator<Event> NEWEST_FIRST = Comparator.comparingLong(Event::startUs)
            .thenComparing(event -> event.id().toString())
            .reversed();

    private DataSource database;
    private TestUnit unit;
    private EventTable events;

    abstract DataSource database() throws Exception;

    @BeforeAll
    void migrate() throws Exception {
        database = database();
        new SchemaMigration().prepare(database);
        unit = new TestUnit(database);
        events = new EventTable(unit);
    }

    @AfterAll
    void close() {
        if (unit != null) {
            unit.close();
        }
    }

    @BeforeEach
    void empty() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("delete from event");
        }
    }

    @Test
    void anEventComesBackAsItWasStored() {
        Event state = new Event(
                new UUID(0x0193_0000_0000_7000L, 1),
                SERVER,
                1_700_000_000_000_001L,
                new EventFact(
                        EventSource.camera(CAMERAS.get(0), "input/1"),
                        "camera.input",
                        EventSeverity.WARNING,
                        "Tür \"hinten\" \\ 日本 😀",
                        EventAttributes.of(Map.of(
                                "name",
                                "a \"quoted\" \\ name 😀",
                                "whole",
                                Long.MAX_VALUE,
                                "real",
                                3.0,
                                "tiny",
                                1e-300,
                                "on",
                                false)),
                        Optional.of(new UUID(5, 5))),
                EventSpan.open(1_700_000_000_000_000L));
        Event pulse = new Event(
                new UUID(0x0193_0000_0000_7000L, 2),
                SERVER,
                1_700_000_000_000_002L,
                EventFact.of(
                        EventSource.driver("rtsp"), "driver.removed", EventSeverity.CRITICAL, "", EventAttributes.NONE),
                EventSpan.pulse(1_700_000_000_000_002L));
        assertThat(events.save(List.of(state, pulse))).isEqualTo(2);
        assertThat(events.get(state.id())).contains(state);
        assertThat(events.get(pulse.id())).contains(pulse);
        assertThat(events.get(new UUID(0, 0))).isEmpty();

        Event ended = new Event(
                state.id(),
                SERVER,
                1_700_000_000_000_009L,
                state.fact(),
                state.span().ended(1_700_000_000_000_008L, EventSpan.EndReason.LAPSED));
        assertThat(events.save(List.of(ended))).isZero();
        assertThat(events.get(state.id())).contains(ended);
    }

    @Test
    void attributesOfTheLargestSizeFit() {
        Map<String, Object> large = new java.util.TreeMap<>();
        IntStream.range(0, EventAttributes.COUNT_MAX - 4).forEach(i -> large.put("a" + i, -1.2345678901234567e-300));
        IntStream.range(0, 3).forEach(i -> large.put("t" + i, "\"\\".repeat(500)));
        large.put("rest", "\"\\".repeat(400));
        Event event = new Event(
                new UUID(1, 1),
                SERVER,
                1,
                EventFact.of(
                        EventSource.driver("x"),
                        "a.b",
                        EventSeverity.INFO,
                        "\"".repeat(1000),
                        EventAttributes.of(large)),
                EventSpan.pulse(1));
        events.save(List.of(event));
        assertThat(events.get(event.id())).contains(event);
    }

    @Test
    void theSameSaidTwiceInAnyOrderIsStoredOnce() {
        Event begun = event(new Random(1), 1, EventSpan.open(100));
        Event ended = new Event(
                begun.id(),
                SERVER,
                begun.sequence() + 5,
                begun.fact(),
                begun.span().ended(200, EventSpan.EndReason.OVER));
        assertThat(events.save(List.of(ended, begun, ended))).isEqualTo(1);
        assertThat(events.save(List.of(begun))).isZero();
        assertThat(events.get(begun.id())).contains(ended);
        assertThat(events.count(SERVER)).isEqualTo(1);
    }

    @Test
    void pagesOfEveryFilterAreThoseOfTheModel() {
        long seed = 20_261_125L;
        Random random = new Random(seed);
        List<Event> model = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            model.add(event(random, i, span(random)));
        }
        events.save(model);
        for (int round = 0; round < 60; round++) {
            EventFilter filter = filter(random);
            int limit = 3 + random.nextInt(60);
            List<Event> expected =
                    model.stream().filter(filter::fits).sorted(NEWEST_FIRST).toList();
            assertThat(walk(filter, limit))
                    .as("seed %d round %d: %s by %d", seed, round, filter, limit)
                    .isEqualTo(expected);
        }
    }

    /** All pages, as a client walks them. */
    private List<Event> walk(EventFilter filter, int limit) {
        List<Event> all = new ArrayList<>();
        Optional<EventQuery.Position> after = Optional.empty();
        while (true) {
            List<Event> page = events.find(new EventQuery(filter, after, limit));
            assertThat(page.size()).isLessThanOrEqualTo(limit);
            all.addAll(page);
            if (page.size() < limit) {
                return all;
            }
            after = Optional.of(EventQuery.Position.of(page.get(page.size() - 1)));
        }
    }

    @Test
    void whoWalksPagesWhileEventsComeMissesAndDoublesNothingOld() {
        Random random = new Random(3);
        List<Event> old = IntStream.range(0, 50)
                .mapToObj(i -> event(random, i, EventSpan.pulse(i / 3)))
                .toList();
        events.save(old);
        List<Event> seen = new ArrayList<>();
        Optional<EventQuery.Position> after = Optional.empty();
        for (int page = 0; page < 20; page++) {
            List<Event> found = events.find(new EventQuery(EventFilter.ALL, after, 7));
            seen.addAll(found);
            if (found.isEmpty()) {
                break;
            }
            after = Optional.of(EventQuery.Position.of(found.get(found.size() - 1)));
            events.save(List.of(event(random, 1000 + page, EventSpan.pulse(1000 + page))));
        }
        assertThat(seen).isEqualTo(old.stream().sorted(NEWEST_FIRST).toList());
    }

    @Test
    void whoFollowsGetsEachChangeOfItsServerInOrder() {
        Random random = new Random(4);
        List<Event> ours = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            ours.add(event(random, i, span(random)));
        }
        events.save(ours);
        Event theirs = new Event(new UUID(99, 1), NEIGHBOUR, 15, ours.get(0).fact(), EventSpan.open(1));
        events.save(List.of(theirs));
        List<Event> followed = new ArrayList<>();
        long at = 9;
        for (List<Event> page = events.changesAfter(SERVER, at, 7);
                !page.isEmpty();
                page = events.changesAfter(SERVER, at, 7)) {
            followed.addAll(page);
            at = page.get(page.size() - 1).sequence();
        }
        assertThat(followed).isEqualTo(ours.subList(10, 30));
        assertThat(events.lastSequence(SERVER)).hasValue(29);
        assertThat(events.firstSequence(SERVER)).hasValue(0);
        assertThat(events.lastSequence(new UUID(7, 9))).isEmpty();
        assertThat(events.firstSequence(new UUID(7, 9))).isEmpty();
        assertThat(events.open(NEIGHBOUR, 10)).containsExactly(theirs);
    }

    @Test
    void whatIsOverIsCountedByFilterAndPlaceAndOnlyRetentionMakesItLess() {
        long seed = 20_261_126L;
        Random random = new Random(seed);
        List<Event> model = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            model.add(event(random, i, span(random)));
        }
        events.save(model);
        events.save(
                List.of(new Event(new UUID(99, 1), NEIGHBOUR, 50, model.get(0).fact(), EventSpan.pulse(1))));
        for (int round = 0; round < 30; round++) {
            EventFilter filter = filter(random);
            EventFilter timeless = new EventFilter(
                    OptionalLong.empty(), OptionalLong.empty(), filter.kinds(), filter.cameras(), filter.severityMin());
            long after = random.nextInt(200);
            long through = after + random.nextInt(100);
            assertThat(events.countSettled(SERVER, filter, after, through))
                    .as("seed %d round %d: %s behind %d to %d", seed, round, filter, after, through)
                    .isEqualTo(model.stream()
                            .filter(e -> !e.span().lasts() && e.sequence() > after && e.sequence() <= through)
                            .filter(timeless::fits)
                            .count());
        }
        long before = events.countSettled(SERVER, EventFilter.ALL, -1, 199);
        int gone = events.deleteOldest(SERVER, Long.MAX_VALUE, 40);
        assertThat(events.countSettled(SERVER, EventFilter.ALL, -1, 199)).isEqualTo(before - gone);
    }

    @Test
    void retentionTakesTheOldestButNoStateThatIsOn() {
        Random random = new Random(5);
        List<Event> old = new ArrayList<>();
        old.add(event(random, 0, EventSpan.open(0)));
        for (int i = 1; i < 20; i++) {
            old.add(event(random, i, EventSpan.pulse(i)));
        }
        events.save(old);
        events.save(List.of(new Event(new UUID(99, 1), NEIGHBOUR, 1, old.get(0).fact(), EventSpan.pulse(1))));
        assertThat(events.deleteOldest(SERVER, 11, 4)).isEqualTo(4);
        assertThat(events.deleteOldest(SERVER, 11, 100)).isEqualTo(6);
        assertThat(events.deleteOldest(SERVER, 11, 100)).isZero();
        assertThat(events.count(SERVER)).isEqualTo(10);
        assertThat(events.count(NEIGHBOUR)).isEqualTo(1);
        assertThat(events.open(SERVER, 10)).containsExactly(old.get(0));
        assertThat(events.firstSequence(SERVER)).hasValue(0);
    }

    @Test
    void newestEventsOfACameraAreOneStepAlongAnIndex() throws SQLException {
        Random random = new Random(6);
        List<Event> many = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            many.add(event(random, i, EventSpan.pulse(i * MINUTE_US)));
        }
        for (int at = 0; at < many.size(); at += 500) {
            events.save(many.subList(at, at + 500));
        }
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("analyze");
        }
        String range =
                " where start_us < 300000000000 and start_us >= 0 order by start_us desc, id desc fetch first 50 rows only";
        assertThat(plan("select * from event" + range))
                .containsIgnoringCase("event_start")
                .doesNotContain("Sort  (");
        assertThat(plan("select * from event where camera_id = '" + CAMERAS.get(0)
                        + "' order by start_us desc, id desc fetch first 50 rows only"))
                .containsIgnoringCase("event_");
        assertThat(plan("select * from event where server_id = '" + SERVER
                        + "' and sequence > 4900 order by server_id, sequence fetch first 50 rows only"))
                .containsIgnoringCase("event_sequence");
    }

    private String plan(String query) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("explain " + query)) {
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }

    private static EventSpan span(Random random) {
        long start = random.nextInt(1_000) * MINUTE_US;
        return switch (random.nextInt(4)) {
            case 0, 1 -> EventSpan.pulse(start);
            case 2 -> EventSpan.open(start);
            // Some end at once, some last for hours.
            default ->
                EventSpan.open(start)
                        .ended(
                                start + random.nextInt(random.nextBoolean() ? 30 : 600) * MINUTE_US,
                                EventSpan.EndReason.OVER);
        };
    }

    private static EventFilter filter(Random random) {
        long from = random.nextInt(1_000) * MINUTE_US;
        Set<String> kinds = new HashSet<>();
        List<String> patterns = List.of("camera.*", "acme.*", "acme.my_door.*", "recording.gap", "camera.motion");
        for (int i = random.nextInt(3); i > 0; i--) {
            kinds.add(patterns.get(random.nextInt(patterns.size())));
        }
        Set<UUID> cameras = new HashSet<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            cameras.add(CAMERAS.get(random.nextInt(CAMERAS.size())));
        }
        return new EventFilter(
                random.nextBoolean() ? OptionalLong.of(from) : OptionalLong.empty(),
                random.nextBoolean() ? OptionalLong.of(from + random.nextInt(500) * MINUTE_US) : OptionalLong.empty(),
                kinds,
                cameras,
                EventSeverity.values()[random.nextInt(3)]);
    }

    /** Ids rise with the number, as those of real events do. */
    private static Event event(Random random, int number, EventSpan span) {
        EventSource source = random.nextInt(5) == 0
                ? EventSource.server(SERVER, "database")
                : EventSource.camera(CAMERAS.get(random.nextInt(CAMERAS.size())), "");
        return new Event(
                new UUID(0x0193_0000_0000_7000L + ((long) number << 16), random.nextLong()),
                SERVER,
                number,
                EventFact.of(
                        source,
                        KINDS.get(random.nextInt(KINDS.size())),
                        EventSeverity.values()[random.nextInt(3)],
                        "",
                        EventAttributes.NONE),
                span);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.events.fake.House.CAMERA;
import static org.nxvms.events.fake.House.fact;
import static org.nxvms.events.fake.House.until;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.events.core.ChangeLog;
import org.nxvms.events.fake.House;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventSource;

/** Clients of the stream: what they hear, when they come again, when they are let go. */
class EventStreamHttpTest {
    @TempDir
    private Path folder;

    private EventsServer server;

    @BeforeEach
    void start() throws Exception {
        server = new EventsServer(folder);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void whoFollowsHearsWhatItMaySee() throws Exception {
        try (EventsServer.Client viewer = server.new Client("viewer", "?kinds=acme.*", Optional.empty())) {
            viewer.await("event: open");
            server.publish(EventsServer.HIDDEN, "acme.k", 1);
            server.publish(CAMERA, "other.k", 2);
            server.publish(CAMERA, "acme.shown", 3);
            String text = viewer.await("acme.shown");
            assertThat(text)
                    .contains("text/event-stream")
                    .doesNotContain(EventsServer.HIDDEN.toString())
                    .doesNotContain("other.k");
        }
        until("it is missed", () -> {
            server.publish(CAMERA, "acme.k", 9);
            return server.bus.figures().followers() == 0;
        });
    }

    @Test
    void thatTheConsoleHasMoreToShowIsForAllAndWhatElseTheServerSaysIsNot() throws Exception {
        EventSource console = EventSource.server(House.SERVER, "console");
        try (EventsServer.Client viewer = server.new Client("viewer", "", Optional.empty())) {
            viewer.await("event: open");
            server.publish(console, EventKinds.SERVER_PART_UNWELL, 1);
            server.publish(console, EventKinds.CONSOLE_EXTENSIONS_CHANGED, 2);
            assertThat(viewer.await(EventKinds.CONSOLE_EXTENSIONS_CHANGED))
                    .doesNotContain(EventKinds.SERVER_PART_UNWELL);
        }
    }

    @Test
    @Timeout(180)
    void whoComesAgainMissesAndDoublesNothing() throws Exception {
        Set<Long> seen = new HashSet<>();
        long last;
        try (EventsServer.Client first = server.new Client("admin", "", Optional.empty())) {
            first.await("event: open");
            server.publish(CAMERA, "acme.first", 1);
            first.await("acme.first");
            last = first.ids().get(0);
            seen.add(last);
        }
        int away = ChangeLog.CHANGES_MAX + 500;
        for (int i = 0; i < away; i++) {
            server.publish(CAMERA, "acme.k", 10 + i);
        }
        server.publish(CAMERA, "acme.last", 20_000_000);
        until(
                "all are stored",
                () -> server.store.countNow("acme.k") == away
                        && server.bus.figures().waiting() == 0);
        try (EventsServer.Client again = server.new Client("admin", "?kinds=acme.*", Optional.of(last))) {
            again.await("acme.last");
            List<Long> ids = again.ids();
            assertThat(ids).hasSize(away + 1).isSorted().doesNotHaveDuplicates().doesNotContain(last);
            assertThat(again.text).doesNotContain("event: reset");
            server.publish(CAMERA, "acme.live", 30_000_000);
            again.await("acme.live");
        }
        // One that wants little of much has it as soon.
        try (EventsServer.Client picky = server.new Client("admin", "?kinds=acme.first,acme.last", Optional.of(last))) {
            picky.await("acme.last");
            assertThat(picky.ids()).hasSize(1);
        }
    }

    @Test
    void aPositionThatIsNoneOfOursIsSaid() throws Exception {
        server.publish(CAMERA, "acme.k", 1);
        until("it is stored", () -> server.store.countNow() == 1);
        try (EventsServer.Client client = server.new Client("admin", "", Optional.of(Long.MAX_VALUE))) {
            client.await("event: reset");
            server.publish(CAMERA, "acme.live", 2);
            client.await("acme.live");
        }
    }

    @Test
    void anEndedTokenWhoseSessionGoesOnEndsNothing() throws Exception {
        try (EventsServer.Client client = server.new Client("short", "", Optional.empty())) {
            client.await("event: open");
            // In this order: the server may look at any moment.
            server.refreshed.add("short");
            server.expired.add("short");
            assertThat(server.get("short", "").statusCode()).isEqualTo(401);
            server.checked.clear();
            until("it was looked at again", () -> server.checked.contains("short"));
            server.publish(CAMERA, "acme.k", 1);
            assertThat(client.await("acme.k")).doesNotContain("event: end");
        }
    }

    @Test
    void whatHappensWhileTheGuardIsReplacedIsNotLost() throws Exception {
        try (EventsServer.Client client = server.new Client("viewer", "", Optional.empty())) {
            client.await("event: open");
            server.guardAway(true);
            server.publish(CAMERA, "acme.meanwhile", 1);
            until("it is stored", () -> server.store.countNow() == 1);
            server.guardAway(false);
            client.await("acme.meanwhile");
        }
    }

    @Test
    void anEndedSessionEndsTheStreamWithItsReason() throws Exception {
        try (EventsServer.Client client = server.new Client("short", "", Optional.empty())) {
            client.await("event: open");
            server.expired.add("short");
            assertThat(client.await("unauthenticated")).contains("event: end");
        }
        until("it is gone", () -> server.bus.figures().followers() == 0);
    }

    @Test
    void aClientThatTakesNothingIsLetGoAndHoldsUpNobody() throws Exception {
        try (EventsServer.Client slow = server.new Client("admin", "", Optional.empty());
                EventsServer.Client quick = server.new Client("admin", "", Optional.empty())) {
            slow.await("event: open");
            quick.await("event: open");
            String detail = "x".repeat(900);
            for (int i = 0; i < 8_000; i++) {
                EventFact fact = fact("acme.flood", detail);
                until("it is taken", () -> server.bus.pulse(fact, 1));
            }
            server.publish(CAMERA, "acme.last", 2);
            quick.await("acme.last");
            // Its connection takes bytes again: what it was sent then came over at once.
            server.publish(CAMERA, "acme.more", 3);
            quick.await("acme.more");
            until("the slow one is let go", () -> {
                server.passedNs.addAndGet(EventsServer.STALL_NS_MAX + 1);
                return server.bus.figures().followers() == 1;
            });
            server.publish(CAMERA, "acme.after", 4);
            quick.await("acme.after");
        }
    }

    @Test
    void moreFollowersThanAllowedAreToldToComeLater() throws Exception {
        List<EventsServer.Client> clients = new ArrayList<>();
        for (int i = 0; i < House.FOLLOWERS_PER_USER_MAX; i++) {
            clients.add(server.new Client("admin", "", Optional.empty()));
            clients.get(i).await("event: open");
        }
        HttpResponse<String> ofOne = server.get("admin", "/stream");
        assertThat(ofOne.statusCode()).isEqualTo(429);
        assertThat(ofOne.body()).contains("followersPerUserMax");
        for (int i = clients.size(); i < House.FOLLOWERS_MAX; i++) {
            clients.add(server.new Client("viewer", "", Optional.empty()));
            clients.get(i).await("event: open");
        }
        HttpResponse<String> more = server.get("viewer", "/stream");
        assertThat(more.statusCode()).isEqualTo(429);
        assertThat(more.body()).contains("followersMax");
        assertThat(more.headers().firstValue("Retry-After")).isPresent();
        for (EventsServer.Client one : clients) {
            one.close();
        }
        until("their places are free", () -> {
            server.publish(CAMERA, "acme.k", 9);
            return server.bus.figures().followers() == 0;
        });
        try (EventsServer.Client again = server.new Client("admin", "", Optional.empty())) {
            again.await("event: open");
        }
    }

    @Test
    void whenTheServerStopsItSaysSo() throws Exception {
        try (EventsServer.Client client = server.new Client("admin", "", Optional.empty())) {
            client.await("event: open");
            // Who looks at it again is done with sending what there was: the connection takes bytes.
            server.checked.clear();
            until("it was looked at again", () -> server.checked.contains("admin"));
            server.stream.close();
            assertThat(client.await("stopping")).contains("event: end");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.events.fake.House.CAMERA;
import static org.nxvms.events.fake.House.until;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.events.fake.House;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;

/** Words that are looked for in events over HTTP. */
class EventSearchHttpTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long S = 1_000_000L;

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

    private void happened(UUID camera, String kind, String detail, Map<String, ?> attributes, long atUs) {
        EventFact fact = EventFact.of(
                EventSource.camera(camera, "lane/2"), kind, EventSeverity.INFO, detail, EventAttributes.of(attributes));
        until("it is taken", () -> server.bus.pulse(fact, atUs));
    }

    private JsonNode search(String token, String text, String more) throws Exception {
        HttpResponse<String> answer =
                server.get(token, "?text=" + URLEncoder.encode(text, StandardCharsets.UTF_8) + more);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private List<String> found(String text) throws Exception {
        List<String> details = new ArrayList<>();
        search("admin", text, "")
                .get("items")
                .forEach(item -> details.add(item.get("detail").asText()));
        return details;
    }

    @Test
    void wordsAreFoundInAllThatIsSaidOfAnEvent() throws Exception {
        happened(CAMERA, "acme.door", "Barrier open", Map.of(), S);
        happened(CAMERA, "acme.plate", "Seen", Map.of("plate", "B-NX 101", "list", "guests"), 2 * S);
        happened(EventsServer.HIDDEN, "acme.door", "Barrier shut", Map.of(), 3 * S);
        until("all are found", () -> server.store.countNow() == 3);

        assertThat(found("barrier")).containsExactly("Barrier shut", "Barrier open");
        assertThat(found("OPEN barrier")).containsExactly("Barrier open");
        assertThat(found("nx guests")).as("in attributes").containsExactly("Seen");
        assertThat(found("acme.plate")).as("in the kind").containsExactly("Seen");
        assertThat(found("lane/2 seen")).as("in the source").containsExactly("Seen");
        assertThat(found("gate barrier"))
                .as("in the name of a camera that is there")
                .containsExactly("Barrier open");
        assertThat(found("kennzeichen|plate")).as("one word or another").containsExactly("Seen");
        assertThat(found("open seen")).as("all words").isEmpty();
        assertThat(found("openlane"))
                .as("no word reaches from one part into the next")
                .isEmpty();

        assertThat(search("viewer", "barrier", "").get("items")).hasSize(1);
    }

    @Test
    void pagesOfWhatIsFoundGoOnWhereTheLastOneEnded() throws Exception {
        for (int i = 0; i < 30; i++) {
            happened(CAMERA, "acme.k", i % 3 == 0 ? "wanted " + i : "other", Map.of(), i * S);
        }
        until("all are found", () -> server.store.countNow() == 30);
        List<String> details = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = search("admin", "wanted", "&limit=3" + cursor);
            page.get("items").forEach(item -> details.add(item.get("detail").asText()));
            cursor =
                    page.has("nextCursor") ? "&cursor=" + page.get("nextCursor").asText() : "";
        } while (!cursor.isEmpty());
        assertThat(details)
                .containsExactly(
                        "wanted 27",
                        "wanted 24",
                        "wanted 21",
                        "wanted 18",
                        "wanted 15",
                        "wanted 12",
                        "wanted 9",
                        "wanted 6",
                        "wanted 3",
                        "wanted 0");
    }

    @Test
    void oneAnswerReadsSoManyAndTheNextGoesOn() throws Exception {
        List<Event> many = new ArrayList<>();
        for (int i = 0; i < 20_500; i++) {
            EventFact fact = House.fact("acme.k", i == 0 ? "the needle" : "hay");
            many.add(new Event(new UUID(3, i), House.SERVER, i + 1, fact, EventSpan.pulse(S * i)));
        }
        server.store.save(many);

        JsonNode first = search("admin", "needle", "");
        assertThat(first.get("items")).isEmpty();
        JsonNode page = first;
        // A machine that is busy reads fewer at once.
        while (page.has("nextCursor")) {
            page = search("admin", "needle", "&cursor=" + page.get("nextCursor").asText());
        }
        assertThat(page).isNotSameAs(first);
        assertThat(page.get("items")).hasSize(1);
    }

    @Test
    void moreThanTwoAtOnceWaitAndTheListDoesNot() throws Exception {
        happened(CAMERA, "acme.k", "wanted", Map.of(), S);
        until("it is found", () -> server.store.countNow() == 1);
        CountDownLatch reading = new CountDownLatch(2);
        CountDownLatch goOn = new CountDownLatch(1);
        server.store.afterFind(() -> {
            reading.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        List<CompletableFuture<JsonNode>> two = List.of(later(), later());
        assertThat(reading.await(60, TimeUnit.SECONDS)).isTrue();
        server.store.afterFind(() -> {});

        HttpResponse<String> third = server.get("admin", "?text=wanted");
        assertThat(third.statusCode()).as(third.body()).isEqualTo(503);
        assertThat(third.headers().firstValue("Retry-After")).contains("1");
        assertThat(server.get("admin", "").statusCode()).isEqualTo(200);

        goOn.countDown();
        for (CompletableFuture<JsonNode> one : two) {
            assertThat(one.get(60, TimeUnit.SECONDS).get("items")).hasSize(1);
        }
        assertThat(search("admin", "wanted", "").get("items")).hasSize(1);
    }

    private CompletableFuture<JsonNode> later() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return search("admin", "wanted", "");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void whatIsTooMuchToLookForIsRefused() throws Exception {
        for (String text : List.of("a b c d e f g h i", "|", "x".repeat(EventSearch.TEXT_CHARS_MAX + 1))) {
            HttpResponse<String> answer =
                    server.get("admin", "?text=" + URLEncoder.encode(text, StandardCharsets.UTF_8));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
            assertThat(answer.body()).contains("text");
        }
    }
}

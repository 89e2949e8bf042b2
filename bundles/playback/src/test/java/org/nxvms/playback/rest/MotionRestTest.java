// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.playback.rest.RestServer.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.event.EventQuery;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.worker.LumaPictures;
import org.nxvms.playback.FakeArchive;
import org.nxvms.playback.FakeRegistry;
import org.nxvms.playback.motion.Area;
import org.nxvms.playback.motion.FakeLumas;
import org.nxvms.playback.motion.MotionDesk;
import org.nxvms.playback.thumbnail.Recorded;
import org.nxvms.test.kit.Awaiting;

/** Motion in recorded pictures over HTTP. */
class MotionRestTest {
    private static final long START_US = 1_700_000_000_000_000L;
    private static final long START_MS = START_US / 1_000;
    private static final String SEARCHES = "/api/v1/motion/searches";
    private static final String CORNER = "{\"x\":0,\"y\":0,\"width\":0.2,\"height\":0.2}";

    private final FakeArchive archive = new FakeArchive();
    private volatile Archive present = archive;
    private final FakeLumas lumas = new FakeLumas();
    private volatile LumaPictures worker = lumas;
    private volatile EventLog events;
    private final MotionDesk desk = new MotionDesk(() -> present, () -> worker, 1 << 20);
    private final MemoryMasks masks = new MemoryMasks();
    private final FakeRegistry registry = new FakeRegistry();
    private RestServer server;

    @BeforeEach
    void start() {
        server = new RestServer()
                .mount(
                        MotionResource.BASE,
                        new MotionResource(
                                () -> present, () -> worker, () -> events, () -> masks, desk, registry.named(archive)))
                .start();
    }

    @AfterEach
    void stop() {
        server.stop();
        desk.close();
    }

    private static String order(String more) {
        return "{\"cameraIds\":[\"" + FakeArchive.CAMERA + "\"],\"from\":\"" + START_MS + "\",\"to\":\""
                + (START_MS + 60_000) + "\"" + more + "}";
    }

    private HttpResponse<String> begin(String body) throws Exception {
        return server.send("POST", SEARCHES, body);
    }

    private JsonNode whole(HttpResponse<String> begun) throws Exception {
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        JsonNode search = new ObjectMapper().readTree(begun.body());
        String path = SEARCHES + "/" + search.get("id").asText();
        assertThat(begun.headers().firstValue("Location").orElseThrow()).endsWith(path);
        while (search.get("state").asText().equals("running")) {
            search = server.json(path + "?after=" + search.get("revision").asLong());
        }
        return search;
    }

    @Test
    void aSearchTellsWhereInTheRangeTheBoxMoves() throws Exception {
        lumas.blocks.addAll(List.of(10, 12));
        Recorded.seconds(archive, START_US, 60, false);
        JsonNode search = whole(begin(order(",\"areas\":[" + CORNER + "],\"sensitivity\":60")));
        assertThat(search.get("state").asText()).isEqualTo("done");
        assertThat(search.get("footageMs").asLong()).isEqualTo(60_000);
        assertThat(search.get("searchedMs").asLong()).isEqualTo(60_000);
        assertThat(search.get("sensitivity").asInt()).isEqualTo(60);
        JsonNode lane = search.get("cameras").get(0);
        assertThat(lane.get("through").asLong()).isEqualTo(START_MS + 60_000);
        assertThat(lane.get("found")).hasSize(1);
        assertThat(lane.at("/found/0/from").asLong()).isEqualTo(START_MS + 8_000);
        assertThat(lane.at("/found/0/to").asLong()).isEqualTo(START_MS + 14_000);
        assertThat(lane.get("foundLeftOut").asBoolean()).isFalse();
        assertThat(lane.get("told")).isEmpty();

        JsonNode elsewhere = whole(begin(order(",\"areas\":[{\"x\":0.5,\"y\":0.5,\"width\":0.5,\"height\":0.5}]")));
        assertThat(elsewhere.at("/cameras/0/found")).isEmpty();
        assertThat(elsewhere.get("pictures").asLong()).isZero();
        assertThat(elsewhere.get("sensitivity").asInt()).isEqualTo(50);
    }

    /** Their database may be slow, and the heap is the recorder's, too. */
    @Test
    void whatCamerasToldIsReadForAFewSearchesAtATimeAndNoneWaitsForItToBegin() throws Exception {
        lumas.busy = true;
        Recorded.seconds(archive, START_US, 60, false);
        CountDownLatch asked = new CountDownLatch(4);
        CountDownLatch answer = new CountDownLatch(1);
        events = log(query -> {
            asked.countDown();
            answer.await();
            return List.of(motion("0,0,100,100"), motion("900,900,100,100"));
        });
        JsonNode begun = new ObjectMapper()
                .readTree(begin(order(",\"areas\":[" + CORNER + "]")).body());
        assertThat(begun.at("/cameras/0").has("told")).as("it does not wait").isFalse();
        assertThat(begun.at("/cameras/0").has("toldLeftOut")).isFalse();

        String path = SEARCHES + "/" + begun.get("id").asText();
        List<CompletableFuture<HttpResponse<String>>> four = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            four.add(CompletableFuture.supplyAsync(() -> get(path), each -> new Thread(each).start()));
        }
        try {
            Awaiting.until("four are read for", () -> asked.getCount() == 0);
            HttpResponse<String> fifth = get(path);
            assertProblem(fifth, 429, "for too many searches now");
            assertThat(fifth.headers().firstValue("Retry-After")).contains("1");
        } finally {
            answer.countDown();
        }
        for (CompletableFuture<HttpResponse<String>> one : four) {
            JsonNode lane = new ObjectMapper().readTree(one.get().body()).at("/cameras/0");
            assertThat(lane.get("told")).as("of the corner").hasSize(1);
            assertThat(lane.get("toldLeftOut").asBoolean()).isFalse();
        }
        assertThat(get(path).statusCode()).isEqualTo(200);
    }

    @Test
    void whetherACameraMayHaveToldMoreIsSaid() throws Exception {
        Recorded.seconds(archive, START_US, 60, false);
        events = log(query -> {
            throw new StoreException("The database is away.", new IllegalStateException());
        });
        assertThat(server.json(heights("")).at("/cameras/0/toldLeftOut").asBoolean())
                .isTrue();
        assertThat(whole(begin(order(""))).at("/cameras/0/toldLeftOut").asBoolean())
                .isTrue();
        events = log(query -> List.of(motion("0,0,100,100")));
        assertThat(server.json(heights("")).at("/cameras/0/toldLeftOut").asBoolean())
                .isFalse();
        server.guard.missing.add(Permission.VIEW_EVENTS);
        events = null;
        assertThat(server.json(heights("")).at("/cameras/0/toldLeftOut").asBoolean())
                .as("nothing is kept back from who may not see events")
                .isFalse();
    }

    private HttpResponse<String> get(String path) {
        try {
            return server.get(path);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Answer {
        List<Event> to(EventQuery query) throws Exception;
    }

    private static EventLog log(Answer answer) {
        return (EventLog) Proxy.newProxyInstance(
                MotionRestTest.class.getClassLoader(),
                new Class<?>[] {EventLog.class},
                (proxy, method, arguments) -> answer.to((EventQuery) arguments[0]));
    }

    private static Event motion(String boxes) {
        EventFact fact = EventFact.of(
                EventSource.camera(FakeArchive.CAMERA, "main"),
                EventKinds.CAMERA_MOTION,
                EventSeverity.INFO,
                "",
                EventAttributes.of(Map.of("boxes", boxes)));
        return new Event(new UUID(2, 2), FakeArchive.CAMERA, 1, fact, EventSpan.pulse(START_US));
    }

    @Test
    void aSearchIsEndedByItsUser() throws Exception {
        lumas.busy = true;
        Recorded.seconds(archive, START_US, 60, false);
        HttpResponse<String> begun = begin(order(""));
        String path = SEARCHES + "/"
                + new ObjectMapper().readTree(begun.body()).get("id").asText();
        assertThat(server.json(path).get("state").asText()).isEqualTo("running");
        assertThat(begin(order("")).statusCode()).isEqualTo(202);
        HttpResponse<String> third = begin(order(""));
        assertProblem(third, 429, "2 searches of yours run already");
        assertThat(third.headers().firstValue("Retry-After")).isPresent();
        assertThat(server.send("DELETE", path, "").statusCode()).isEqualTo(204);
        assertProblem(server.get(path), 404, "You have no search");
        assertProblem(server.send("DELETE", path, ""), 404, "You have no search");
    }

    @Test
    void whatIsNoSearchIsRefusedAtItsField() throws Exception {
        Map<String, String> wrong = Map.of(
                ",\"sensitivity\":0",
                "sensitivity",
                ",\"areas\":[{\"x\":0.9,\"y\":0,\"width\":0.2,\"height\":0.2}]",
                "areas[0]",
                ",\"areas\":[" + (CORNER + ",").repeat(16) + CORNER + "]",
                "areas");
        for (Map.Entry<String, String> each : wrong.entrySet()) {
            assertProblem(begin(order(each.getKey())), 422, "\"" + each.getValue() + "\"");
        }
        assertProblem(begin(order(",\"boxes\":[]")), 400, "boxes");
        assertProblem(
                begin(order("").replace("" + (START_MS + 60_000), "" + (START_MS + 32L * 86_400_000))), 422, "31 days");
        assertProblem(begin(order("").replace("" + (START_MS + 60_000), "yesterday")), 400, "\"to\" is not a time");
        assertProblem(begin("{\"cameraIds\":[],\"from\":\"1\",\"to\":\"2\"}"), 422, "cameraIds");
        UUID nowhere = new UUID(1, 2);
        assertProblem(begin(order("").replace("" + FakeArchive.CAMERA, "" + nowhere)), 404, "" + nowhere);
        assertProblem(server.get(SEARCHES + "/" + nowhere), 404, "You have no search");
    }

    @Test
    void whoMayNotSeeTheFootageSeesNoMotionOfIt() throws Exception {
        lumas.busy = true;
        Recorded.seconds(archive, START_US, 60, false);
        String path = SEARCHES + "/"
                + new ObjectMapper().readTree(begin(order("")).body()).get("id").asText();
        server.guard.missing.add(Permission.VIEW_ARCHIVE);
        assertProblem(begin(order("")), 403, "VIEW_ARCHIVE");
        assertProblem(server.get(path), 403, "VIEW_ARCHIVE");
        assertProblem(server.get(heights("")), 403, "VIEW_ARCHIVE");
        server.guard.missing.clear();
        server.guard.hidden.add(FakeArchive.CAMERA);
        assertProblem(begin(order("")), 404, "" + FakeArchive.CAMERA);
        assertProblem(server.get(path), 404, "" + FakeArchive.CAMERA);
        assertProblem(server.get(heights("")), 404, "" + FakeArchive.CAMERA);
    }

    private static String heights(String more) {
        return "/api/v1/motion/heights?cameras=" + FakeArchive.CAMERA + "&from=" + START_MS + "&to="
                + (START_MS + 30_000) + "&buckets=30" + more;
    }

    @Test
    void heightsAreToldAsFarAsTheyAreKnownAndFoundOutWhenAskedFor() throws Exception {
        lumas.blocks.add(10);
        Recorded.seconds(archive, START_US, 20, false);
        JsonNode lane = server.json(heights("")).get("cameras").get(0);
        assertThat(lane.get("complete").asBoolean()).isFalse();
        assertThat(lane.get("analysing").asBoolean()).isFalse();
        assertThat(lane.get("heights")).hasSize(30).allMatch(height -> height.asInt() == -1);
        assertThat(lumas.decoded).hasValue(0);
        do {
            lane = server.json(heights("&analyse=true")).get("cameras").get(0);
        } while (!lane.get("complete").asBoolean());
        List<Integer> moving = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            if (lane.get("heights").get(i).asInt() > 0) {
                moving.add(i);
            }
        }
        assertThat(moving).containsExactly(8, 9, 10, 11);
        assertThat(lane.get("heights").get(25).asInt()).as("no footage").isEqualTo(-1);
        assertThat(lumas.decoded).hasValue(10);
    }

    @Test
    void wrongQuestionsForHeightsAreNamed() throws Exception {
        assertProblem(server.get(heights("").replace("buckets=30", "buckets=0")), 400, "buckets");
        assertProblem(server.get(heights("&analyze=true")), 400, "analyze");
        assertProblem(server.get(heights("&analyse=yes")), 400, "\"analyse\" must be true or false");
        assertProblem(server.get(heights("") + "0000000"), 400, "buckets");
        String day = "/api/v1/motion/heights?cameras=" + FakeArchive.CAMERA + "&from=" + START_MS + "&to=";
        assertProblem(server.get(day + (START_MS + 26 * 3_600_000)), 422, "25 hours");
        Recorded.seconds(archive, START_US, 20, false);
        assertThat(server.get(day + (START_MS + 25 * 3_600_000)).statusCode()).isEqualTo(200);
        assertProblem(server.get(day + (START_MS + 3 * 3_600_000) + "&analyse=true"), 422, "two hours");
        assertProblem(server.get("/api/v1/motion/heights?from=1&to=2"), 400, "cameras");
    }

    @Test
    void whileTheArchiveOrTheWorkerIsAwayThatIsSaid() throws Exception {
        Recorded.seconds(archive, START_US, 20, false);
        worker = null;
        assertProblem(begin(order("")), 503, "media worker");
        present = null;
        assertProblem(server.get(heights("")), 503, "archive");
    }

    @Test
    void boxesOfEventsAreReadAsTheyAreWritten() {
        assertThat(MotionTold.boxes(Map.of("boxes", "250,500,100,80 0,0,1000,1000 995,0,10,10")))
                .containsExactly(
                        new Area(0.25, 0.5, 0.1, 0.08), new Area(0, 0, 1, 1), new Area(0.995, 0, 1 - 0.995, 0.01));
        assertThat(MotionTold.boxes(Map.of("boxes", "1,2,3 a,b,c,d 0,0,0,0"))).isEmpty();
        assertThat(MotionTold.boxes(Map.of("count", 3))).isEmpty();
    }
}

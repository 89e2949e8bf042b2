// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.playback.rest.RestServer.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.playback.FakeArchive;
import org.nxvms.playback.FakeRegistry;
import org.nxvms.playback.motion.FakeLumas;
import org.nxvms.playback.motion.MotionDesk;
import org.nxvms.playback.thumbnail.Recorded;

/** Motion masks over HTTP, and what they do to searches and heights: a block comes and goes in the left upper corner. */
class MotionMaskRestTest {
    private static final long START_US = 1_700_000_000_000_000L;
    private static final long START_MS = START_US / 1_000;
    private static final String SEARCHES = "/api/v1/motion/searches";
    private static final String PATH = "/api/v1/motion/masks/" + FakeArchive.CAMERA;
    private static final String CORNER = "{\"points\":[[0.0,0.0],[0.2,0.0],[0.2,0.2],[0.0,0.2]]}";
    private static final String CORNER_BOX = "{\"x\":0,\"y\":0,\"width\":0.15,\"height\":0.15}";
    private static final String MIDDLE_BOX = "{\"x\":0.4,\"y\":0.4,\"width\":0.2,\"height\":0.2}";

    private final FakeArchive archive = new FakeArchive();
    private final FakeLumas lumas = new FakeLumas();
    private final MemoryMasks masks = new MemoryMasks();
    private volatile MemoryMasks present = masks;
    private final MotionDesk desk = new MotionDesk(() -> archive, () -> lumas, 1 << 20);
    private final FakeRegistry registry = new FakeRegistry();
    private RestServer server;

    @BeforeEach
    void start() {
        server = new RestServer()
                .mount(
                        MotionResource.BASE,
                        new MotionResource(
                                () -> archive, () -> lumas, () -> null, () -> present, desk, registry.named(archive)),
                        new MotionMaskResource(() -> present, desk, registry.named(archive)))
                .start();
        lumas.blocks.addAll(List.of(10, 12));
        Recorded.seconds(archive, START_US, 60, false);
    }

    @AfterEach
    void stop() {
        server.stop();
        desk.close();
    }

    private HttpResponse<String> give(String areas, String... headers) throws Exception {
        return server.send("PUT", PATH, "{\"areas\":[" + areas + "]}", headers);
    }

    private JsonNode search(String areas) throws Exception {
        HttpResponse<String> begun = server.send(
                "POST",
                SEARCHES,
                "{\"cameraIds\":[\"" + FakeArchive.CAMERA + "\"],\"from\":\"" + START_MS + "\",\"to\":\""
                        + (START_MS + 60_000) + "\",\"areas\":[" + areas + "]}");
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        return new ObjectMapper().readTree(begun.body());
    }

    private JsonNode whole(JsonNode begun) throws Exception {
        JsonNode search = begun;
        String path = SEARCHES + "/" + search.get("id").asText();
        while (search.get("state").asText().equals("running")) {
            search = server.json(path + "?after=" + search.get("revision").asLong());
        }
        return search;
    }

    private List<Integer> moving() throws Exception {
        String path = "/api/v1/motion/heights?cameras=" + FakeArchive.CAMERA + "&from=" + START_MS + "&to="
                + (START_MS + 30_000) + "&buckets=30&analyse=true";
        JsonNode lane;
        do {
            lane = server.json(path).at("/cameras/0");
        } while (!lane.get("complete").asBoolean());
        List<Integer> moving = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            if (lane.get("heights").get(i).asInt() > 0) {
                moving.add(i);
            }
        }
        return moving;
    }

    @Test
    void itIsWhatWasGivenAndAChangeUponAnOlderOneIsRefused() throws Exception {
        HttpResponse<String> none = server.get(PATH);
        assertThat(none.body()).isEqualTo("{\"version\":0,\"areas\":[]}");
        assertThat(none.headers().firstValue("ETag")).contains("\"0\"");

        HttpResponse<String> given = give(CORNER, "If-Match", "\"0\"");
        assertThat(given.statusCode()).as(given.body()).isEqualTo(200);
        assertThat(given.body()).isEqualTo("{\"version\":1,\"areas\":[" + CORNER + "]}");
        assertThat(given.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(server.get(PATH).body()).isEqualTo(given.body());
        assertThat(server.get(PATH, "If-None-Match", "\"1\"").statusCode()).isEqualTo(304);

        assertProblem(give("", "If-Match", "\"0\""), 412, "changed in the meantime");
        assertThat(masks.of(FakeArchive.CAMERA).areas()).hasSize(1);
        assertThat(server.notes).extracting(note -> note.action()).contains("motion_mask.changed");
        assertThat(server.notes.get(0).after()).containsEntry("areas", "0.0,0.0 0.2,0.0 0.2,0.2 0.0,0.2");
        assertThat(server.notes.get(0).subject()).isEqualTo("camera/" + FakeArchive.CAMERA);
    }

    @Test
    void whatIsNoMaskIsRefusedAtItsField() throws Exception {
        String line = "[0.1,0.1],[0.2,0.2]";
        Map<String, String> wrong = Map.of(
                (CORNER + ",").repeat(16) + CORNER,
                "\"areas\" has 17 areas. Give at most 16",
                CORNER + ",{\"points\":[" + line + "]}",
                "\"areas[1].points\" has 2 corners. Give 3 to 32",
                "{\"points\":[" + (line + ",").repeat(16) + "[0,0]]}",
                "\"areas[0].points\" has 33 corners",
                "{\"points\":[" + line + ",[0.2,1.1]]}",
                "\"areas[0].points\" has a corner that is not [x, y]",
                "{\"points\":[" + line + ",[0.2]]}",
                "\"areas[0].points\" has a corner that is not [x, y]",
                "{\"points\":[[0.1,0.1],[0.2,0.1],[0.3,0.1]]}",
                "\"areas[0].points\" masks less than a ten-thousandth",
                "null",
                "\"areas[0]\" is null");
        for (Map.Entry<String, String> each : wrong.entrySet()) {
            assertProblem(give(each.getKey()), 422, each.getValue());
        }
        assertProblem(server.send("PUT", PATH, "{}"), 400, "areas");
        assertProblem(server.send("PUT", PATH, ""), 400, "empty");
        assertThat(masks.of(FakeArchive.CAMERA).version()).isZero();
    }

    @Test
    void whoMayViewReadsItAndWhoManagesTheCameraSetsIt() throws Exception {
        server.guard.missing.addAll(
                List.of(Permission.MANAGE_CAMERAS, Permission.VIEW_ARCHIVE, Permission.VIEW_CONFIGURATION));
        assertThat(server.get(PATH).statusCode()).isEqualTo(200);
        assertProblem(give(CORNER), 403, "MANAGE_CAMERAS");
        server.guard.missing.add(Permission.VIEW_LIVE);
        assertProblem(server.get(PATH), 403, "You may not VIEW");
        server.guard.missing.clear();
        server.guard.hidden.add(FakeArchive.CAMERA);
        assertProblem(server.get(PATH), 404, "" + FakeArchive.CAMERA);
        assertProblem(give(CORNER), 404, "" + FakeArchive.CAMERA);
        String nowhere = "/api/v1/motion/masks/" + new UUID(1, 2);
        assertProblem(server.get(nowhere), 404, "" + new UUID(1, 2));
        assertProblem(server.send("PUT", nowhere, "{\"areas\":[]}"), 404, "" + new UUID(1, 2));
    }

    @Test
    void whatIsMaskedIsNoMotionAtOnceAlsoWhereItWasKnown() throws Exception {
        assertThat(whole(search("")).at("/cameras/0/found")).hasSize(1);
        assertThat(moving()).containsExactly(8, 9, 12, 13);

        assertThat(give(CORNER).statusCode()).isEqualTo(200);
        JsonNode masked = whole(search(""));
        assertThat(masked.at("/cameras/0/found")).isEmpty();
        assertThat(masked.get("pictures").asLong())
                .as("what was known is judged anew")
                .isZero();
        assertThat(masked.at("/cameras/0/masked").asBoolean()).isFalse();
        assertThat(moving()).isEmpty();

        assertThat(give("").statusCode()).isEqualTo(200);
        assertThat(whole(search("")).at("/cameras/0/found")).hasSize(1);
        assertThat(moving()).containsExactly(8, 9, 12, 13);
    }

    @Test
    void aSearchSaysWhichOfItsAreasLieBelowTheMask() throws Exception {
        assertThat(give(CORNER).statusCode()).isEqualTo(200);
        JsonNode some = whole(search(MIDDLE_BOX + "," + CORNER_BOX)).at("/cameras/0");
        assertThat(some.get("masked").asBoolean()).isFalse();
        assertThat(some.get("maskedAreas")).hasSize(1);
        assertThat(some.at("/maskedAreas/0").asInt()).isEqualTo(1);

        int decoded = lumas.decoded.get();
        JsonNode all = whole(search(CORNER_BOX));
        assertThat(all.get("state").asText()).isEqualTo("done");
        assertThat(all.at("/cameras/0/masked").asBoolean()).isTrue();
        assertThat(all.at("/cameras/0/maskedAreas/0").asInt()).isZero();
        assertThat(all.get("searchedMs")).isEqualTo(all.get("footageMs"));
        assertThat(lumas.decoded).as("nothing is decoded for it").hasValue(decoded);
    }

    @Test
    void searchesWithTheMaskBeforeTellNothingAnyMore() throws Exception {
        lumas.busy = true;
        JsonNode running = search("");
        assertThat(running.get("state").asText()).isEqualTo("running");
        assertThat(give("").statusCode()).isEqualTo(200);
        outdated(running);

        lumas.busy = false;
        JsonNode done = whole(search(""));
        assertThat(done.at("/cameras/0/found")).hasSize(1);
        assertThat(give(CORNER).statusCode()).isEqualTo(200);
        outdated(done);
    }

    private void outdated(JsonNode search) throws Exception {
        JsonNode now = server.json(SEARCHES + "/" + search.get("id").asText());
        assertThat(now.get("state").asText()).isEqualTo("failed");
        assertThat(now.get("detail").asText()).contains("motion mask").contains("search again");
        assertThat(now.at("/cameras/0/found")).isEmpty();
    }

    @Test
    void withoutTheStoreNothingIsFoundRatherThanWhatIsMasked() throws Exception {
        present = null;
        assertProblem(server.get(PATH), 503, "store of motion masks");
        assertProblem(
                server.send(
                        "POST",
                        SEARCHES,
                        "{\"cameraIds\":[\"" + FakeArchive.CAMERA + "\"],\"from\":\"1\",\"to\":\"2\"}"),
                503,
                "store of motion masks");
    }
}

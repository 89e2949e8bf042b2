// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.clip.TestClips;
import org.nxvms.simulator.device.PtzHead;
import org.nxvms.simulator.fault.Fault;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.vapix.VapixDialect;

class ControlServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static CameraFarm farm;

    @BeforeAll
    static void start() throws IOException {
        farm = CameraFarm.builder()
                .cameras(2)
                .clip(TestClips.SPEC)
                .data(TestClips.FOLDER)
                .dialect(VapixDialect::new)
                .controlPort(0)
                .start();
    }

    @AfterAll
    static void stop() {
        farm.close();
    }

    @Test
    void faultsAreSetListedAndCleared() throws Exception {
        assertThat(post("/cameras/2/faults", "{\"kind\":\"stall\",\"value\":7}").body())
                .contains("\"faults\":[{\"kind\":\"stall\",\"value\":7}]");
        assertThat(post("/cameras/2/faults", "{\"kind\":\"odd-headers\"}").statusCode())
                .isEqualTo(200);
        assertThat(farm.camera(2).faults())
                .containsExactlyInAnyOrder(FaultKind.STALL.fault(7), FaultKind.ODD_HEADERS.fault());
        assertThat(farm.camera(1).faults()).isEmpty();

        assertThat(send("DELETE", "/cameras/2/faults/stall").statusCode()).isEqualTo(200);
        assertThat(farm.camera(2).faults()).containsExactly(FaultKind.ODD_HEADERS.fault());
        assertThat(send("DELETE", "/cameras/2/faults").body()).contains("\"faults\":[]");
        assertThat(farm.camera(2).faults()).isEmpty();
    }

    @Test
    void everyFaultOfTheCatalogueIsSwitchedWhileTheCameraRuns() throws Exception {
        for (FaultKind kind : FaultKind.values()) {
            assertThat(post("/cameras/2/faults", "{\"kind\":\"" + kind.id() + "\"}")
                            .statusCode())
                    .as(kind.id())
                    .isEqualTo(200);
            assertThat(farm.camera(2).faults()).containsExactly(kind.fault());
            assertThat(send("DELETE", "/cameras/2/faults/" + kind.id()).statusCode())
                    .isEqualTo(200);
            assertThat(farm.camera(2).faults()).as(kind.id()).isEmpty();
        }
    }

    @Test
    void camerasAndKindsAreListed() throws Exception {
        assertThat(send("GET", "/cameras").body())
                .contains(
                        farm.camera(1).uri(org.nxvms.simulator.rtsp.Camera.Role.MAIN),
                        farm.camera(2).uri(org.nxvms.simulator.rtsp.Camera.Role.SUB),
                        "\"loopFrames\":50");
        assertThat(send("POST", "/cameras/1/disconnect").statusCode()).isEqualTo(200);
    }

    @Test
    void theCatalogueTellsWhatEachFaultDoesAndItsParameter() throws Exception {
        JsonNode kinds = JSON.readTree(send("GET", "/faults").body());
        assertThat(kinds).hasSize(FaultKind.values().length);
        for (int i = 0; i < kinds.size(); i++) {
            FaultKind kind = FaultKind.values()[i];
            assertThat(kinds.get(i).get("kind").textValue()).isEqualTo(kind.id());
            assertThat(kinds.get(i).get("area").textValue())
                    .isEqualTo(kind.area().id());
            assertThat(kinds.get(i).get("does").textValue()).isEqualTo(kind.does());
            assertThat(kinds.get(i).has("unit")).isEqualTo(!kind.unit().isEmpty());
        }
        assertThat(kinds.get(FaultKind.STALL.ordinal()).toString())
                .contains("\"unit\":\"seconds\",\"default\":5,\"min\":0,\"max\":86400");
    }

    @Test
    void aPostedScriptSetsAndClearsItsFaults() throws Exception {
        String steps = "{\"atMs\":0,\"kind\":\"busy\"},{\"atMs\":0,\"kind\":\"odd-headers\",\"forMs\":200}";
        JsonNode told = JSON.readTree(
                post("/cameras/2/script", "{\"steps\":[" + steps + ",{\"atMs\":3600000,\"kind\":\"silent\"}]}")
                        .body());
        assertThat(told.get("script").get("steps")).hasSize(3);
        awaitFaults(FaultKind.BUSY.fault());
        farm.camera(2).set(FaultKind.NO_RTP_INFO);
        assertThat(send("DELETE", "/cameras/2/script").body())
                .as("what the script set goes with it, what a hand set stays")
                .doesNotContain("script")
                .contains("\"faults\":[{\"kind\":\"no-rtp-info\"}]");
        farm.camera(2).clearFaults();
    }

    private static void awaitFaults(Fault... wanted) {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!farm.camera(2).faults().equals(List.of(wanted))) {
            assertThat(System.nanoTime()).as(farm.camera(2).faults().toString()).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void whatHappensAtADeviceIsSetAndItsStateTold() throws Exception {
        farm.device(2).ptz().moveTo(new PtzHead.Position(12.5, -3, 40));
        JsonNode told = JSON.readTree(post("/cameras/2/events", "{\"event\":\"port\",\"part\":1,\"active\":true}")
                        .body())
                .get("device");
        assertThat(told.get("http").textValue()).isEqualTo(farm.httpUri(2));
        assertThat(told.get("ptz").toString()).startsWith("{\"pan\":12.5,\"tilt\":-3.0,\"zoom\":40.0,\"moves\":false");
        assertThat(told.get("states").toString())
                .contains(
                        "{\"event\":\"port\",\"part\":1,\"active\":true}",
                        "{\"event\":\"motion\",\"part\":0,\"active\":false}");
        assertThat(post("/cameras/2/events", "{\"event\":\"pulse\"}").statusCode())
                .isEqualTo(200);
        assertEventProblem("{\"event\":\"flood\"}", "event", "there is no event 'flood'");
        assertEventProblem("{\"event\":\"motion\"}", "active", "it is missing");
        assertEventProblem("{\"event\":\"motion\",\"active\":1}", "active", "neither true nor false");
        assertEventProblem("{\"event\":\"port\",\"part\":9,\"active\":true}", "part", "9 is out of range");
        assertEventProblem("{\"event\":\"pulse\",\"active\":true}", "active", "a pulse has no end");
    }

    private static void assertEventProblem(String body, String field, String error) throws Exception {
        JsonNode problem = problem("/cameras/2/events", body);
        assertThat(problem.get("field").textValue()).isEqualTo(field);
        assertThat(problem.get("error").textValue()).contains(error);
        assertThat(problem.get("remedy").textValue()).startsWith("give");
    }

    @Test
    void wrongInputIsNamedAndChangesNothing() throws Exception {
        assertThat(post("/cameras/9/faults", "{\"kind\":\"stall\"}").statusCode())
                .isEqualTo(404);
        assertProblem("{\"kind\":\"explode\"}", "kind", "there is no fault 'explode'", "give one of refuse-");
        assertProblem("{\"kind\":\"stall\",\"value\":-1}", "value", "fault stall: -1 is out of range", "0..86400");
        assertProblem("{\"kind\":\"stall\",\"value\":\"5\"}", "value", "is not a whole number", "\"value\": 5");
        assertProblem("{\"kind\":\"silent\",\"value\":5}", "value", "takes no value", "leave it out");
        assertProblem("{\"kind\":\"stall\",\"much\":1}", "much", "no such field", "\"kind\": \"stall\"");
        assertProblem("{\"value\":1}", "kind", "it is missing", "\"kind\": \"stall\"");
        assertProblem("not json", "body", "this is no JSON, at line 1", "give an object like");
        assertProblem("[1]", "body", "this is no JSON object", "give one like");
        assertProblem("{\"kind\":\"stall\",\"kind\":\"busy\"}", "body", "Duplicate field", "give an object like");
        assertScriptProblem("{\"steps\":[{\"atMs\":-1,\"kind\":\"busy\"}]}", "steps[0].atMs", "-1 is out of range");
        assertScriptProblem("{\"steps\":[{\"kind\":\"busy\"}]}", "steps[0].atMs", "it is missing");
        assertScriptProblem("{\"steps\":[{\"atMs\":0,\"kind\":\"x\"}]}", "steps[0].kind", "no fault 'x'");
        assertScriptProblem("{\"steps\":3}", "steps", "it is no list");
        assertScriptProblem("{}", "steps", "it is missing");
        assertThat(post("/cameras/1/faults", "{\"kind\":\"" + "x".repeat(300_000) + "\"}")
                        .statusCode())
                .isEqualTo(413);
        assertThat(send("POST", "/cameras/1/faults").statusCode()).isEqualTo(415);
        assertThat(send("PUT", "/cameras/1/faults").statusCode()).isEqualTo(405);
        assertThat(send("GET", "/").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/cameras/1/moon").body()).contains("a camera has no 'moon'", "use faults, script");
        assertThat(farm.camera(1).script()).isEmpty();
        assertThat(farm.camera(1).faults()).isEmpty();
    }

    private static void assertProblem(String body, String field, String error, String remedy) throws Exception {
        JsonNode problem = problem("/cameras/1/faults", body);
        assertThat(problem.get("field").textValue()).isEqualTo(field);
        assertThat(problem.get("error").textValue()).contains(error);
        assertThat(problem.get("remedy").textValue()).contains(remedy);
    }

    private static void assertScriptProblem(String body, String field, String error) throws Exception {
        JsonNode problem = problem("/cameras/1/script", body);
        assertThat(problem.get("field").textValue()).isEqualTo(field);
        assertThat(problem.get("error").textValue()).contains(error);
        assertThat(problem.get("remedy").textValue()).isNotBlank();
    }

    private static JsonNode problem(String path, String body) throws Exception {
        HttpResponse<String> response = post(path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        return JSON.readTree(response.body());
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return HTTP.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> send(String method, String path) throws Exception {
        return HTTP.send(
                request(path)
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        int port = farm.controlAddress().orElseThrow().getPort();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }
}

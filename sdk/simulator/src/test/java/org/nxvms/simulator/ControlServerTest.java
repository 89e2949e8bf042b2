// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.clip.TestClips;
import org.nxvms.simulator.fault.FaultKind;

class ControlServerTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static CameraFarm farm;

    @BeforeAll
    static void start() throws IOException {
        farm = CameraFarm.builder()
                .cameras(2)
                .clip(TestClips.SPEC)
                .data(TestClips.FOLDER)
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
        assertThat(farm.camera(2).faults()).containsExactly(FaultKind.STALL.fault(7), FaultKind.ODD_HEADERS.fault());
        assertThat(farm.camera(1).faults()).isEmpty();

        assertThat(send("DELETE", "/cameras/2/faults/stall").statusCode()).isEqualTo(200);
        assertThat(farm.camera(2).faults()).containsExactly(FaultKind.ODD_HEADERS.fault());
        assertThat(send("DELETE", "/cameras/2/faults").body()).contains("\"faults\":[]");
        assertThat(farm.camera(2).faults()).isEmpty();
    }

    @Test
    void camerasAndKindsAreListed() throws Exception {
        assertThat(send("GET", "/cameras").body())
                .contains(
                        farm.camera(1).uri(org.nxvms.simulator.rtsp.Camera.Role.MAIN),
                        farm.camera(2).uri(org.nxvms.simulator.rtsp.Camera.Role.SUB),
                        "\"loopFrames\":50");
        String kinds = send("GET", "/faults").body();
        for (FaultKind kind : FaultKind.values()) {
            assertThat(kinds).contains("\"" + kind.id() + "\"");
        }
        assertThat(send("POST", "/cameras/1/disconnect").statusCode()).isEqualTo(200);
    }

    @Test
    void wrongInputIsNamedAndChangesNothing() throws Exception {
        assertThat(post("/cameras/9/faults", "{\"kind\":\"stall\"}").statusCode())
                .isEqualTo(404);
        assertProblem(post("/cameras/1/faults", "{\"kind\":\"explode\"}"), 400, "'explode' is not one of");
        assertProblem(post("/cameras/1/faults", "{\"kind\":\"stall\",\"value\":-1}"), 400, "is not in 0..86400");
        assertProblem(post("/cameras/1/faults", "{\"kind\":\"stall\",\"much\":1}"), 400, "field 'much'");
        assertProblem(post("/cameras/1/faults", "{\"value\":1}"), 400, "field 'kind' is missing");
        assertThat(post("/cameras/1/faults", "not json").statusCode()).isEqualTo(400);
        assertThat(post("/cameras/1/faults", "[1]").statusCode()).isEqualTo(400);
        assertThat(post("/cameras/1/faults", "{\"kind\":\"" + "x".repeat(5000) + "\"}")
                        .statusCode())
                .isEqualTo(413);
        assertThat(send("POST", "/cameras/1/faults").statusCode()).isEqualTo(415);
        assertThat(send("PUT", "/cameras/1/faults").statusCode()).isEqualTo(405);
        assertThat(send("GET", "/").statusCode()).isEqualTo(404);
        assertThat(farm.camera(1).faults()).isEmpty();
    }

    private static void assertProblem(HttpResponse<String> response, int status, String text) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).contains(text);
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

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** Many cameras are added together, each with its own outcome. */
class SetupBatchRestTest extends SetupScene {
    @RegisterExtension
    static final CamerasServer server = new CamerasServer();

    SetupBatchRestTest() {
        super(server);
    }

    /** {@return what has become of cameras that were added together, when none is under way any more} */
    private JsonNode batch(String cameras) throws Exception {
        HttpResponse<String> begun = server.send(
                "POST",
                CAMERAS + "/setups",
                "{\"cameras\":[" + cameras + "],\"username\":\"admin\",\"password\":\"geheim\",\"group\":\"Hall\"}");
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        JsonNode batch = JSON.readTree(begun.body());
        String path = CAMERAS + "/setups/" + batch.path("id").asText();
        while (batch.path("runs").asBoolean()) {
            long before = batch.path("revision").asLong();
            batch = JSON.readTree(
                    server.send("GET", path + "?after=" + before, "").body());
            assertThat(batch.path("revision").asLong()).isGreaterThanOrEqualTo(before);
        }
        assertThat(batch.toString()).doesNotContain("geheim");
        return batch.path("items");
    }

    @Test
    void fiftyAreAddedTogetherEachWithItsOwnOutcome() throws Exception {
        String known = added("192.0.2.1", "").path("camera").path("id").asText();
        FakeDriver.Behaviour refuses = target -> {
            if (target.address().getHost().equals("192.0.2.7")) {
                throw new DriverException(Kind.AUTH, "It refuses the login.");
            }
        };
        maker.behaviour = refuses;
        standard.behaviour = refuses;
        StringJoiner cameras = new StringJoiner(",");
        for (int i = 1; i <= 50; i++) {
            cameras.add("{\"address\":\"192.0.2." + i + "\"" + (i == 9 ? ",\"name\":\"Gate\"" : "") + "}");
        }
        cameras.add("{\"address\":\"http://u:geheim@169.254.169.254/\"}");

        JsonNode items = batch(cameras.toString());

        assertThat(items).hasSize(51);
        assertThat(items.get(0).path("state").asText()).isEqualTo("known");
        assertThat(items.get(0).path("cameraId").asText()).isEqualTo(known);
        assertThat(items.get(6).path("state").asText()).isEqualTo("failed");
        assertThat(items.get(6).path("field").asText()).isEqualTo("password");
        assertThat(items.get(6).path("detail").asText()).isEqualTo("It refuses the login.");
        assertThat(items.get(50).path("field").asText()).isEqualTo("address");
        assertThat(items.get(8).path("report").path("checks").size()).isGreaterThan(5);
        assertThat(server.registry().cameras().list())
                .hasSize(49)
                .filteredOn(camera -> camera.group().equals(Optional.of("Hall")))
                .hasSize(48);
        assertThat(server.trail.notes)
                .filteredOn(note -> note.action().equals("camera.added"))
                .hasSize(49);
        assertThat(server.registry().cameras().list())
                .anyMatch(camera -> camera.name().equals("Gate"));
    }

    /** Both are asked who they are, and neither is stored yet, when their streams are tried. */
    @Test
    void ofOneCameraThatIsTwiceInABatchOneIsAddedAndTheOtherIsKnown() throws Exception {
        CyclicBarrier both = new CyclicBarrier(2);
        server.registry().ingest.onProbe = () -> {
            try {
                both.await(60, TimeUnit.SECONDS);
            } catch (Exception alone) {
                throw new IllegalStateException("the other one did not come", alone);
            }
        };

        JsonNode items = batch("{\"address\":\"192.0.2.20\"},{\"address\":\"HTTP://192.0.2.20:80/\"}");

        assertThat(List.of(
                        items.get(0).path("state").asText(),
                        items.get(1).path("state").asText()))
                .as(items.toString())
                .containsExactlyInAnyOrder("added", "known");
        assertThat(items.get(0).path("cameraId")).isEqualTo(items.get(1).path("cameraId"));
        assertThat(server.registry().store.rows).hasSize(1);
        assertThat(server.trail.notes)
                .filteredOn(note -> note.action().equals("camera.added"))
                .hasSize(1);
    }

    @Test
    void aBatchIsSomeCamerasAndNotTooMany() throws Exception {
        for (String cameras : new String[] {"", "[]", "[null]", "[" + "{\"address\":\"a\"},".repeat(256) + "{}]"}) {
            String body = cameras.isEmpty() ? "{}" : "{\"cameras\":" + cameras + "}";
            HttpResponse<String> answer = server.send("POST", CAMERAS + "/setups", body);
            assertThat(answer.statusCode()).as(body).isBetween(400, 422);
            assertThat(JSON.readTree(answer.body())
                            .path("errors")
                            .get(0)
                            .path("field")
                            .asText())
                    .startsWith("cameras");
        }
        assertThat(server.send("GET", CAMERAS + "/setups/" + new UUID(0, 1), "").statusCode())
                .isEqualTo(404);
    }
}

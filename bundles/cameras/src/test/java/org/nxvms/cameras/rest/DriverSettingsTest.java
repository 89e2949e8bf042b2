// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.DriverSetting.Choice;
import org.nxvms.driver.spi.Wording;

/** A driver says what can be set; that is what is drawn, checked, kept sealed and handed to it. */
class DriverSettingsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final CamerasServer server = new CamerasServer();

    private final FakeDriver lock = new FakeDriver(
            "lock",
            DriverSetting.secret("key", Wording.of("Key").in("de", "Schlüssel")).mandatory(),
            DriverSetting.integer("channel", Wording.of("Channel"), 1, 4)
                    .described(Wording.of("Which lens."))
                    .byDefault("1"),
            DriverSetting.choice(
                    "mode",
                    Wording.of("Mode"),
                    List.of(new Choice("fast", Wording.of("Fast")), new Choice("far", Wording.of("Far")))));

    @BeforeEach
    void start() {
        server.registry().install(lock);
    }

    private HttpResponse<String> create(String address, String settings) throws Exception {
        return server.send(
                "POST",
                CamerasResource.BASE,
                "{\"name\":\"Gate\",\"driver\":\"lock\",\"address\":\"" + address + "\",\"settings\":" + settings
                        + "}");
    }

    private String stored() throws Exception {
        HttpResponse<String> created = create("rtsp://cam/1", "{\"key\":\"geheim\",\"channel\":\"2\"}");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        return CamerasResource.BASE + "/"
                + JSON.readTree(created.body()).path("id").asText();
    }

    private static Map<String, String> errors(HttpResponse<String> refused) throws Exception {
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(422);
        Map<String, String> errors = new java.util.TreeMap<>();
        JSON.readTree(refused.body())
                .path("errors")
                .forEach(error -> errors.put(
                        error.path("field").asText(), error.path("detail").asText()));
        return errors;
    }

    @Test
    void theListOfDriversDescribesThem() throws Exception {
        JsonNode drivers = JSON.readTree(
                        server.send("GET", DriversResource.BASE, "").body())
                .path("items");
        JsonNode described = drivers.get(0);
        assertThat(described.path("id").asText()).isEqualTo("lock");
        JsonNode key = described.path("settings").get(0);
        assertThat(key.path("type").asText()).isEqualTo("secret");
        assertThat(key.path("required").asBoolean()).isTrue();
        assertThat(key.path("title").path("de").asText()).isEqualTo("Schlüssel");
        JsonNode channel = described.path("settings").get(1);
        assertThat(channel.path("description").path("en").asText()).isEqualTo("Which lens.");
        assertThat(channel.path("defaultValue").asText()).isEqualTo("1");
        assertThat(channel.path("max").asLong()).isEqualTo(4);
        assertThat(described.path("settings").get(2).path("choices").findValuesAsText("value"))
                .containsExactly("fast", "far");
        assertThat(drivers.get(1).has("settings"))
                .as("the other driver does not say")
                .isFalse();
    }

    @Test
    void whatCannotBeIsNamed() throws Exception {
        assertThat(errors(create("rtsp://cam/1", "{\"channel\":\"5\",\"mode\":\"near\",\"chanel\":\"1\"}")))
                .containsOnlyKeys("settings.channel", "settings.chanel", "settings.key", "settings.mode")
                .containsEntry("settings.channel", "It must be a whole number, 1..4.")
                .containsEntry("settings.key", "It must be given.")
                .containsEntry("settings.mode", "It must be one of far, fast.");
        assertThat(errors(create("rtsp://cam/1", "{\"key\":\"{sealed}x\"}"))).containsOnlyKeys("settings.key");
        assertThat(errors(server.send("PATCH", stored(), "{\"settings\":{\"channel\":\"x\"}}")))
                .containsOnlyKeys("settings.channel");
    }

    @Test
    void aSecretIsNeverGivenOutAndReachesTheDriverInTheClear() throws Exception {
        String path = stored();
        lock.awaitOpened(target -> target.settings().equals(Map.of("key", "geheim", "channel", "2")));

        String camera = server.send("GET", path, "").body();
        assertThat(camera).doesNotContain("geheim").doesNotContain("sealed");
        assertThat(JSON.readTree(camera).path("settings").toString()).isEqualTo("{\"channel\":\"2\"}");
        assertThat(JSON.readTree(camera).path("secretSettings").toString()).isEqualTo("[\"key\"]");
        assertThat(server.registry().store.load().toString())
                .as("nor stored in the clear")
                .doesNotContain("geheim");
    }

    @Test
    void aSecretStaysWhereOthersAreChangedAndGoesWithNull() throws Exception {
        String path = stored();
        HttpResponse<String> changed = server.send("PATCH", path, "{\"settings\":{\"channel\":\"3\"}}");
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        lock.awaitOpened(target -> target.settings().equals(Map.of("key", "geheim", "channel", "3")));

        assertThat(errors(server.send("PATCH", path, "{\"settings\":{\"key\":null}}")))
                .containsOnlyKeys("settings.key");
        server.send("PATCH", path, "{\"settings\":{\"key\":\"neu\"}}");
        lock.awaitOpened(target -> "neu".equals(target.settings().get("key")));
    }

    @Test
    void aSecretIsNotSentToAnotherHostNorAnotherDriver() throws Exception {
        String path = stored();
        assertThat(errors(server.send("PATCH", path, "{\"address\":\"rtsp://elsewhere/1\"}")))
                .containsOnlyKeys("settings.key");
        assertThat(errors(server.send("PATCH", path, "{\"driver\":\"rtsp\"}"))).containsOnlyKeys("settings.key");
        HttpResponse<String> anew =
                server.send("PATCH", path, "{\"driver\":\"rtsp\",\"settings\":{\"key\":null,\"channel\":null}}");
        assertThat(anew.statusCode()).as(anew.body()).isEqualTo(200);
    }

    @Test
    void aTestOfAStoredCameraUsesItsSecretThereOnly() throws Exception {
        String id = stored().substring(CamerasResource.BASE.length() + 1);
        lock.awaitOpened(target -> true);
        lock.opened.clear();
        String probe = CamerasResource.BASE + "/probe?cameraId=" + id;

        HttpResponse<String> report = server.send(
                "POST", probe, "{\"driver\":\"lock\",\"address\":\"rtsp://cam/1\",\"settings\":{\"channel\":\"4\"}}");
        assertThat(report.statusCode()).as(report.body()).isEqualTo(200);
        assertThat(lock.opened).anyMatch(target -> target.settings().equals(Map.of("key", "geheim", "channel", "4")));
        assertThat(errors(server.send("POST", probe, "{\"driver\":\"lock\",\"address\":\"rtsp://elsewhere/1\"}")))
                .containsOnlyKeys("settings.key");
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.nxvms.cameras.fake.FakeDevice;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.Wording;
import org.nxvms.platform.api.audit.AuditNote;

/** What is done to cameras is in the audit, by whom, with what was before and is after, and without a secret. */
class CameraAuditRestTest {
    @RegisterExtension
    static final CamerasServer server = new CamerasServer();

    private void send(String method, String path, String body, int status, String... headers) throws Exception {
        HttpResponse<String> answer = server.send(method, path, body, headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    }

    private AuditNote last(String action) {
        return server.trail.last(action);
    }

    private static String id(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    @Test
    void aCameraIsAddedChangedAndRemovedWithItsFieldsAndWithoutItsPassword() throws Exception {
        String camera = server.add("gate", ",\"group\":\"North\"");
        AuditNote added = last("camera.added");
        assertThat(added.subject()).isEqualTo("camera/" + id(camera));
        assertThat(added.actor().name()).isEqualTo("admin");
        assertThat(added.actor().address()).isEqualTo("127.0.0.1");
        assertThat(added.after())
                .containsOnly(
                        Map.entry("name", "gate"),
                        Map.entry("driver", "rtsp"),
                        Map.entry("address", "rtsp://cam/gate"),
                        Map.entry("group", "North"));

        send(
                "PATCH",
                camera,
                "{\"name\":\"Yard\",\"password\":\"geheim-2\",\"group\":null,\"recording\":{\"retentionDaysMax\":7}}",
                200);
        AuditNote changed = last("camera.changed");
        assertThat(changed.before())
                .containsOnly(
                        Map.entry("name", "gate"),
                        Map.entry("group", "North"),
                        Map.entry("recording.retentionDaysMax", "30"));
        assertThat(changed.after())
                .containsOnly(
                        Map.entry("name", "Yard"),
                        Map.entry("password", "changed"),
                        Map.entry("recording.retentionDaysMax", "7"));

        send("PATCH", camera, "{\"address\":\"rtsp://cam/2?user=a&pass=geheim-3\"}", 200);
        assertThat(last("camera.changed").after()).containsEntry("address", "rtsp://cam/2?...");
        send("PATCH", camera, "{\"address\":\"rtsp://cam/2?user=a&pass=geheim-4\"}", 200);
        assertThat(last("camera.changed").before()).isEmpty();
        assertThat(last("camera.changed").after()).containsOnlyKeys("address");

        send("DELETE", camera, "", 204);
        assertThat(last("camera.removed").before()).containsEntry("name", "Yard");
        assertThat(server.trail.notes.toString()).doesNotContain("geheim");
    }

    @Test
    void whatIsRefusedIsNotedTooAndWhatIsTriedShowsNoPassword() throws Exception {
        String camera = server.add("gate", "");
        send("PATCH", camera, "{\"name\":\"x\"}", 403, "Authorization", "Bearer viewer");
        assertThat(last("camera.changed").done()).isFalse();
        assertThat(last("camera.changed").actor().name()).isEqualTo("vera");
        assertThat(last("camera.changed").subject()).isEqualTo("camera/" + id(camera));
        assertThat(last("camera.changed").after()).containsOnly(Map.entry("refused", "403"));

        server.send(
                "POST",
                CamerasResource.BASE,
                "{\"name\":\"Door\",\"driver\":\"none\",\"address\":\"rtsp://u:geheim@cam/1?pass=geheim\"}");
        assertThat(last("camera.added").done()).isFalse();
        assertThat(last("camera.added").after()).containsEntry("address", "rtsp://cam/1?...");
        server.send(
                "POST",
                CamerasResource.BASE + "/probe",
                "{\"driver\":\"rtsp\",\"address\":\"rtsp://cam/1\",\"password\":\"geheim\",\"username\":\"u\"}");
        assertThat(last("camera.probed").after()).containsEntry("address", "rtsp://cam/1");
        assertThat(server.trail.notes.toString()).doesNotContain("geheim");
    }

    /** Typed as it is, where it should be written otherwise: what it means is anybody's guess, so nothing is told. */
    @Test
    void ofAnAddressWithAnOddPasswordNothingIsNoted() throws Exception {
        for (String odd : List.of(
                "rtsp://u:ge@heim@cam/1",
                "rtsp://u:ge/heim@cam/1",
                "rtsp://u:ge?heim@cam/1",
                "rtsp://u:ge#heim@cam/1",
                "rtsp://ge:80/heim@cam/1",
                "rtsp://u@ge:heim@cam/1",
                "rtsp://cam/1#ge-heim")) {
            for (String path : List.of("", "/probe")) {
                server.send(
                        "POST",
                        CamerasResource.BASE + path,
                        "{\"name\":\"Door\",\"driver\":\"none\",\"address\":\"" + odd + "\"}");
                assertThat(last(path.isEmpty() ? "camera.added" : "camera.probed")
                                .after()
                                .toString())
                        .as(odd)
                        .doesNotContain("ge")
                        .doesNotContain("heim");
            }
        }
    }

    @Test
    void ofADriversSecretsItIsSaidThatTheyWereChanged() throws Exception {
        server.registry()
                .install(new FakeDriver(
                        "lock",
                        DriverSetting.secret("key", Wording.of("Key")),
                        DriverSetting.integer("channel", Wording.of("Channel"), 1, 4)
                                .byDefault("1")));
        HttpResponse<String> created = server.send(
                "POST",
                CamerasResource.BASE,
                "{\"name\":\"Gate\",\"driver\":\"lock\",\"address\":\"rtsp://cam/1\",\"settings\":{\"key\":\"geheim\","
                        + "\"channel\":\"1\"}}");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        String camera =
                CamerasResource.BASE + "/" + last("camera.added").subject().substring("camera/".length());

        send("PATCH", camera, "{\"settings\":{\"key\":\"geheim-2\",\"channel\":\"2\"}}", 200);
        assertThat(last("camera.changed").before()).containsEntry("settings.channel", "1");
        assertThat(last("camera.changed").after())
                .containsOnly(Map.entry("settings.channel", "2"), Map.entry("settings.key", "changed"));
        assertThat(server.trail.notes.toString()).doesNotContain("geheim").doesNotContain("sealed");
    }

    @Test
    void movingACameraIsASeriesAndWhatLastsIsNotedEachTime() throws Exception {
        server.registry().driver.device = Optional.of(new FakeDevice());
        String camera = server.add("gate", "");
        send("POST", camera + "/ptz/absolute", "{\"pan\":90}", 204);
        send("POST", camera + "/ptz/move", "{\"pan\":0.5,\"durationMs\":1000}", 204);
        send("POST", camera + "/ptz/stop", "", 204);
        send("POST", camera + "/ptz/presets/1/go", "", 204);
        assertThat(server.trail.often)
                .extracting(note -> note.action() + " " + note.subject())
                .containsOnly("ptz.moved camera/" + id(camera))
                .hasSize(4);

        send("POST", camera + "/ptz/presets", "{\"name\":\"Yard\"}", 201);
        assertThat(last("ptz.preset_kept").after()).containsOnly(Map.entry("preset", "Yard"));
        send("DELETE", camera + "/ptz/presets/2", "", 204);
        assertThat(last("ptz.preset_forgotten").before()).containsOnly(Map.entry("preset", "2"));
        send("POST", camera + "/ptz/tours/night/start", "", 204);
        send("POST", camera + "/ptz/tours/night/stop", "", 204);
        send("POST", camera + "/device/io/out1", "{\"on\":true}", 204);
        assertThat(last("output.switched").after()).containsOnly(Map.entry("way", "out1 on"));
        send("POST", camera + "/device/clock/sync", "", 200);
        send("POST", camera + "/device/reboot", "", 202);
        send("PATCH", camera + "/imaging", "{\"values\":{\"brightness\":\"60\"}}", 200);
        assertThat(last("imaging.changed").before()).containsOnlyKeys("brightness");
        assertThat(last("imaging.changed").after()).containsOnly(Map.entry("brightness", "60"));
        send("POST", camera + "/recording/start", "{\"durationSeconds\":60}", 204);
        assertThat(last("recording.started").after()).containsOnly(Map.entry("durationSeconds", "60"));
        send("POST", camera + "/recording/stop", "", 204);
        for (String action : List.of(
                "ptz.tour_started", "ptz.tour_stopped", "device.clock_set", "device.rebooted", "recording.stopped")) {
            assertThat(last(action).subject()).as(action).isEqualTo("camera/" + id(camera));
            assertThat(last(action).done()).as(action).isTrue();
        }
    }

    /** It may have done it; who reads of a refusal takes it for not done. */
    @Test
    void whatACameraWasToldBeforeItWentAwayIsNotNotedAsRefused() throws Exception {
        FakeDevice device = new FakeDevice();
        server.registry().driver.device = Optional.of(device);
        String camera = server.add("gate", "");
        Map<String, String[]> told = Map.of(
                "imaging.changed", new String[] {"PATCH", "/imaging", "{\"values\":{\"brightness\":\"60\"}}"},
                "encoder.changed", new String[] {"PATCH", "/encoders/main%20encoder", "{\"bitrateKbps\":1000}"},
                "device.user_added",
                        new String[] {
                            "POST",
                            "/device/users",
                            "{\"name\":\"guard\",\"password\":\"Geheim-2026\",\"level\":\"viewer\"}"
                        },
                "device.rebooted", new String[] {"POST", "/device/reboot", ""});
        device.afterwards = Optional.of(new DriverException(Kind.UNREACHABLE, "The camera does not answer."));
        for (Map.Entry<String, String[]> each : told.entrySet()) {
            String[] request = each.getValue();
            send(request[0], camera + request[1], request[2], 422);
            assertThat(last(each.getKey()).done()).as(each.getKey()).isTrue();
            assertThat(last(each.getKey()).after())
                    .as(each.getKey())
                    .containsEntry("outcome", "unknown")
                    .doesNotContainKey("refused");
        }
        assertThat(last("imaging.changed").after()).containsEntry("brightness", "60");
        device.afterwards = Optional.of(new DriverException(Kind.CONFIG, "The camera refuses it."));
        for (Map.Entry<String, String[]> each : told.entrySet()) {
            String[] request = each.getValue();
            send(request[0], camera + request[1], request[2], 422);
            assertThat(last(each.getKey()).done()).as(each.getKey()).isFalse();
            assertThat(last(each.getKey()).after())
                    .as(each.getKey())
                    .containsEntry("refused", "422")
                    .doesNotContainKey("outcome");
        }
    }
}

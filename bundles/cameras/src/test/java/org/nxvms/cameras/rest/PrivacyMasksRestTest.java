// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.nxvms.cameras.fake.FakeMasks;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.MaskSettings;

/** Privacy masks of a device over HTTP: told with what there can be, added, changed, removed, and what the device makes of it. */
class PrivacyMasksRestTest {
    private static final String CORNERS = "[[0.1,0.1],[0.5,0.1],[0.5,0.5],[0.1,0.5]]";
    private static final String WANTED = "{\"points\":" + CORNERS + "}";
    private static final String BLACK = ",\"kind\":\"color\",\"color\":\"#000000\"";

    @RegisterExtension
    static final CamerasServer server = new CamerasServer();

    private final FakeMasks device = new FakeMasks();
    private String camera;
    private String masks;

    @BeforeEach
    void add() throws Exception {
        server.registry().driver.masks = Optional.of(device);
        camera = server.add("gate", "");
        masks = camera + "/privacy-masks";
    }

    @AfterEach
    void bare() {
        server.registry().driver.masks = Optional.empty();
    }

    private String send(String method, String path, String body, int status, String... headers) throws Exception {
        HttpResponse<String> answer = server.send(method, path, body, headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer.body();
    }

    @Test
    void theyAreToldWithWhatThereCanBe() throws Exception {
        assertThat(send("GET", masks, "", 200))
                .isEqualTo("{\"options\":{\"masksMax\":2,\"pointsMax\":4,\"rectangleOnly\":true,"
                        + "\"kinds\":[\"color\",\"pixelated\"],\"anyColor\":false,\"colors\":[\"#000000\",\"#ffffff\"],"
                        + "\"oneColor\":false,\"streams\":[\"main\"]},\"items\":[]}");
        send("POST", masks, WANTED, 201);
        String one = "{\"token\":\"mask 1\",\"points\":" + CORNERS + BLACK + ",\"on\":true}";
        assertThat(send("GET", masks, "", 200)).endsWith("\"items\":[" + one + "]}");
        assertThat(send("GET", masks + "/mask%201", "", 200)).isEqualTo(one);
        assertThat(send("GET", masks + "/other", "", 404)).contains("no privacy mask 'other'");
    }

    @Test
    void whatTheDeviceMakesOfItIsTold() throws Exception {
        String crooked = "{\"points\":[[0.12,0.1],[0.5,0.1],[0.5,0.5],[0.12,0.5]],\"color\":\"#FFFFFF\",\"on\":false}";
        HttpResponse<String> added = server.send("POST", masks, crooked);
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        assertThat(added.headers().firstValue("Location").orElseThrow()).endsWith("/privacy-masks/mask%201");
        assertThat(added.body())
                .isEqualTo("{\"mask\":{\"token\":\"mask 1\",\"points\":" + CORNERS
                        + ",\"kind\":\"color\",\"color\":\"#ffffff\",\"on\":false},\"differences\":[{\"field\":\"points\","
                        + "\"wanted\":\"0.120 0.100, 0.500 0.100, 0.500 0.500, 0.120 0.500\","
                        + "\"got\":\"0.100 0.100, 0.500 0.100, 0.500 0.500, 0.100 0.500\"}]}");
        var noted = server.trail.last("privacy_mask.added");
        assertThat(noted.subject()).isEqualTo("camera/" + camera.replaceAll(".*/", ""));
        assertThat(noted.after())
                .containsOnly(
                        Map.entry("mask", "mask 1"),
                        Map.entry("points", "0.100 0.100, 0.500 0.100, 0.500 0.500, 0.100 0.500"),
                        Map.entry("kind", "color"),
                        Map.entry("color", "#ffffff"),
                        Map.entry("on", "false"));
    }

    @Test
    void oneIsSwitchedOnAndRemoved() throws Exception {
        send("POST", masks, "{\"points\":" + CORNERS + ",\"on\":false}", 201);
        String mask = masks + "/mask%201";
        String tag = server.send("GET", mask, "").headers().firstValue("ETag").orElseThrow();
        assertThat(send("PATCH", mask, "{\"on\":true}", 200, "If-Match", tag))
                .isEqualTo("{\"mask\":{\"token\":\"mask 1\",\"points\":" + CORNERS + BLACK
                        + ",\"on\":true},\"differences\":[]}");
        assertThat(server.trail.last("privacy_mask.changed").before()).containsOnly(Map.entry("on", "false"));
        assertThat(server.trail.last("privacy_mask.changed").after())
                .containsOnly(Map.entry("mask", "mask 1"), Map.entry("on", "true"));
        send("PATCH", mask, "{\"on\":false}", 412, "If-Match", tag);
        send("DELETE", mask, "", 412, "If-Match", tag);
        assertThat(device.masks()).singleElement().matches(one -> one.settings().on());
        send("DELETE", mask, "", 204);
        assertThat(device.masks()).isEmpty();
        assertThat(server.trail.last("privacy_mask.removed").before()).containsEntry("on", "true");
        send("DELETE", mask, "", 404);
        send("PATCH", mask, "{\"on\":false}", 404);
    }

    /** As the device's own page makes them: nobody could ask for it from here. */
    @Test
    void oneOfTheMakersOwnKindIsSwitchedAndStaysWhatItIs() throws Exception {
        List<MaskSettings.Point> triangle = List.of(
                new MaskSettings.Point(0.1, 0.1), new MaskSettings.Point(0.5, 0.1), new MaskSettings.Point(0.3, 0.5));
        device.put("own", new MaskSettings(triangle, MaskSettings.Kind.OTHER, Optional.empty(), true));
        assertThat(send("PATCH", masks + "/own", "{\"on\":false}", 200)).contains("\"kind\":\"other\"", "\"on\":false");
        assertThat(device.masks().get(0).settings().points()).isEqualTo(triangle);
        assertThat(send("PATCH", masks + "/own", "{\"points\":[[0,0],[0.5,0],[0.3,0.6]]}", 422))
                .contains("must be the four corners of an upright rectangle")
                .doesNotContain("kind");
    }

    @Test
    void whatCannotBeIsNamedWithWhatCan() throws Exception {
        assertThat(send("POST", masks, "{\"kind\":\"paper\",\"color\":\"red\"}", 422))
                .contains(
                        "\"points\\\" is missing.",
                        "\"kind\\\" must be one of color, pixelated, blurred.",
                        "\"color\\\" must be #rrggbb, as #000000 for black.");
        assertThat(send("POST", masks, "{\"points\":[[0,0],[1.1,0],[1,1]]}", 422))
                .contains("a corner that is not [x, y] with both from 0 (left, top) to 1 (right, bottom)");
        assertThat(send("POST", masks, "{\"points\":[[0,0],[1,0]]}", 422)).contains("has 2 corners. Give 3 to 64.");
        assertThat(send("POST", masks, "{\"points\":[[0,0],[0.001,0],[0.001,0.001]]}", 422))
                .contains("less than a ten-thousandth");
        assertThat(send(
                        "POST",
                        masks,
                        "{\"points\":[[0,0],[0.5,0],[0.3,0.5]],\"kind\":\"blurred\",\"color\":\"#00ff00\"}",
                        422))
                .contains(
                        "\"points\\\" must be the four corners of an upright rectangle",
                        "\"kind\\\" must be one of color, pixelated.",
                        "\"color\\\" must be one of #000000, #ffffff.");
        assertThat(server.trail.last("privacy_mask.added").done()).isFalse();
        send("POST", masks, WANTED, 201);
        assertThat(send("PATCH", masks + "/mask%201", "{}", 422)).contains("Nothing is to be changed.");
        assertThat(send("PATCH", masks + "/mask%201", "{\"color\":\"#ffffff\"}", 422))
                .contains("camera-config", "too bright");
        send("POST", masks, WANTED, 201);
        assertThat(send("POST", masks, WANTED, 409))
                .contains("has 2 privacy masks, and no place for more. Remove one first");
        assertThat(device.masks()).hasSize(2);
    }

    /** Of a kind or shape that nobody can show, so that there seems to be a place. */
    @Test
    void aDeviceWhosePlacesAreTakenByMasksThatItTellsNobodyOfHasNoPlace() throws Exception {
        device.untold = 2;
        HttpResponse<String> full = server.send("POST", masks, WANTED);
        assertThat(full.statusCode()).as(full.body()).isEqualTo(409);
        assertThat(full.body()).contains("no place for another privacy mask");
        assertThat(full.headers().firstValue("Retry-After"))
                .as("there is none in a moment, either")
                .isEmpty();
        assertThat(server.trail.last("privacy_mask.added").done()).isFalse();
    }

    /** It hides, or shows, what it was told to, whatever the caller is answered. */
    @Test
    void whatADeviceWasToldBeforeItWentAwayIsNotNotedAsRefused() throws Exception {
        send("POST", masks, WANTED, 201);
        device.afterwards = Optional.of(new DriverException(Kind.UNREACHABLE, "The camera does not answer."));
        send("PATCH", masks + "/mask%201", "{\"on\":false}", 422);
        assertThat(device.masks()).noneMatch(one -> one.settings().on());
        assertBegun("privacy_mask.changed", Map.of("mask", "mask 1", "on", "false"));
        send("POST", masks, WANTED, 422);
        assertBegun("privacy_mask.added", Map.of("points", "0.100 0.100, 0.500 0.100, 0.500 0.500, 0.100 0.500"));
        send("DELETE", masks + "/mask%201", "", 422);
        assertBegun("privacy_mask.removed", Map.of("mask", "mask 1"));

        device.afterwards = Optional.of(new DriverException(Kind.CONFIG, "The camera refuses it."));
        send("DELETE", masks + "/mask%202", "", 422);
        assertThat(server.trail.last("privacy_mask.removed").done()).isFalse();
        assertThat(server.trail.last("privacy_mask.removed").after())
                .containsOnly(Map.entry("mask", "mask 2"), Map.entry("refused", "422"));
    }

    private static void assertBegun(String action, Map<String, String> wanted) {
        var note = server.trail.last(action);
        assertThat(note.done())
                .as("who reads of a refusal takes it for not done")
                .isTrue();
        assertThat(note.after())
                .containsAllEntriesOf(wanted)
                .containsEntry("outcome", "unknown")
                .doesNotContainKey("refused");
    }

    @Test
    void aCameraWithoutThemSaysSo() throws Exception {
        server.registry().driver.masks = Optional.empty();
        assertThat(send("GET", server.add("bare", "") + "/privacy-masks", "", 422))
                .contains("camera-unsupported");
    }

    @Test
    void onlyWhoManagesCamerasHides() throws Exception {
        send("GET", masks, "", 403, "Authorization", "Bearer viewer");
        send("POST", masks, WANTED, 403, "Authorization", "Bearer viewer");
        send("DELETE", masks + "/mask%201", "", 403, "Authorization", "Bearer viewer");
        assertThat(device.masks()).isEmpty();
    }
}

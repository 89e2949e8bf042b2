// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.nxvms.cameras.fake.FakeDevice;
import org.nxvms.platform.api.audit.AuditNote;

/** Users of a device over HTTP: their passwords go to the device and nowhere else. */
class DeviceUsersRestTest {

    @RegisterExtension
    static final CamerasServer server = new CamerasServer();

    private final FakeDevice device = new FakeDevice();
    private String camera;
    private String users;

    @BeforeEach
    void add() throws Exception {
        server.registry().driver.device = Optional.of(device);
        camera = server.add("gate", "");
        users = camera + "/device/users";
    }

    private String send(String method, String path, String body, int status, String... headers) throws Exception {
        HttpResponse<String> answer = server.send(method, path, body, headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer.body();
    }

    private AuditNote last(String action) {
        return server.trail.last(action);
    }

    @Test
    void oneIsAddedChangedAndTakenAway() throws Exception {
        String own = "{\"name\":\"admin\",\"level\":\"administrator\",\"ours\":true}";
        assertThat(send("GET", users, "", 200)).isEqualTo("{\"items\":[" + own + "]}");

        HttpResponse<String> added =
                server.send("POST", users, "{\"name\":\"Wächter 1\",\"password\":\"geheim-1\",\"level\":\"viewer\"}");
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        assertThat(added.body()).isEqualTo("{\"name\":\"Wächter 1\",\"level\":\"viewer\",\"ours\":false}");
        String guard = users + "/W%C3%A4chter%201";
        assertThat(added.headers().firstValue("Location").orElseThrow()).endsWith(guard);
        assertThat(send("GET", users, "", 200)).contains(own, added.body());
        assertThat(last("device.user_added").after())
                .containsOnly(Map.entry("user", "Wächter 1"), Map.entry("level", "viewer"));
        assertThat(last("device.user_added").subject()).isEqualTo("camera/" + camera.replaceAll(".*/", ""));

        send("PATCH", guard, "{\"password\":\"geheim-2\"}", 204);
        assertThat(last("device.user_changed").after())
                .containsOnly(Map.entry("user", "Wächter 1"), Map.entry("password", "changed"));
        send("PATCH", guard, "{\"level\":\"operator\"}", 204);
        assertThat(last("device.user_changed").after())
                .containsOnly(Map.entry("user", "Wächter 1"), Map.entry("level", "operator"));
        send("DELETE", guard, "", 204);
        assertThat(last("device.user_removed").after()).containsOnly(Map.entry("user", "Wächter 1"));

        assertThat(device.told)
                .containsSubsequence(
                        "add Wächter 1 geheim-1 VIEWER",
                        "change Wächter 1 geheim-2",
                        "change Wächter 1 OPERATOR",
                        "remove Wächter 1");
        assertThat(server.trail.notes.toString()).doesNotContain("geheim");
    }

    @Test
    void oneThatIsAnotherThanWasSeenIsLeftAlone() throws Exception {
        send("POST", users, "{\"name\":\"guard\",\"password\":\"geheim-5\",\"level\":\"viewer\"}", 201);
        HttpResponse<String> seen = server.send("GET", users + "/guard", "");
        assertThat(seen.body()).isEqualTo("{\"name\":\"guard\",\"level\":\"viewer\",\"ours\":false}");
        String tag = seen.headers().firstValue("ETag").orElseThrow();

        send("PATCH", users + "/guard", "{\"level\":\"operator\"}", 204, "If-Match", tag);
        send("PATCH", users + "/guard", "{\"level\":\"viewer\"}", 412, "If-Match", tag);
        send("DELETE", users + "/guard", "", 412, "If-Match", tag);
        assertThat(device.told).noneMatch(told -> told.startsWith("remove"));
        send("DELETE", users + "/guard", "", 204, "If-Match", "*");
        send("GET", users + "/guard", "", 404);
    }

    @Test
    void whoTheServerLogsInAsStays() throws Exception {
        String other = server.add("yard", "");
        send("PATCH", other, "{\"username\":\"second\",\"password\":\"geheim-3\"}", 200);
        send("POST", users, "{\"name\":\"second\",\"password\":\"geheim-3\",\"level\":\"operator\"}", 201);

        for (String name : new String[] {"/admin", "/second"}) {
            assertThat(send("DELETE", users + name, "", 409)).contains("logs in to the device as this user");
            send("PATCH", users + name, "{\"level\":\"viewer\"}", 409);
        }
        assertThat(last("device.user_changed").done()).isFalse();
        assertThat(device.told).noneMatch(told -> told.startsWith("remove") || told.startsWith("change"));
        send("DELETE", other, "", 204);
        send("DELETE", users + "/second", "", 204);
    }

    @Test
    void whatCannotWorkIsNamed() throws Exception {
        assertThat(send("POST", users, "{\"name\":\" \",\"password\":\"\",\"level\":\"other\"}", 422))
                .contains(
                        "\"field\":\"name\"",
                        "\"field\":\"password\"",
                        "\"field\":\"level\"",
                        "administrator, operator, viewer");
        assertThat(send("POST", users, "{\"name\":\"admin\",\"password\":\"geheim-4\",\"level\":\"viewer\"}", 422))
                .contains("camera-config", "a user admin already");
        assertThat(send("PATCH", users + "/nobody", "{}", 422)).contains("Nothing is to be changed");
        assertThat(send("PATCH", users + "/nobody", "{\"name\":\"x\",\"level\":\"viewer\"}", 422))
                .contains("\"field\":\"name\"");
        assertThat(send("PATCH", users + "/nobody", "{\"level\":\"viewer\"}", 404))
                .contains("no user nobody");
        send("DELETE", users + "/nobody", "", 404);
        assertThat(server.trail.notes.toString()).doesNotContain("geheim");
    }

    @Test
    void onlyWhoManagesCamerasSeesThem() throws Exception {
        send("GET", users, "", 403, "Authorization", "Bearer viewer");
        send("DELETE", users + "/admin", "", 403, "Authorization", "Bearer viewer");
        assertThat(last("device.user_removed").done()).isFalse();
    }
}

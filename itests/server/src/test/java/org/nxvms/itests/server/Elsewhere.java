// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.fault.FaultKind;

/**
 * Two cameras by ONVIF that are not where others are: one starts anew at another address, and is recorded there without
 * anybody's help; one sends its pictures to a multicast group. Meanwhile something else may go on.
 */
final class Elsewhere {
    private static final int MOVES = 2;

    private final CameraFarm farm;
    private final String moves;
    private final String sendsToAGroup;

    /** @param moves the farm's second camera @param sendsToAGroup its third */
    Elsewhere(CameraFarm farm, String moves, String sendsToAGroup) {
        this.farm = farm;
        this.moves = moves;
        this.sendsToAGroup = sendsToAGroup;
    }

    void begin(Api api) {
        Waiting.until(
                "both record",
                60,
                () -> api.state(moves).equals("recording")
                        && api.state(sendsToAGroup).equals("recording"));
        // Which device a camera is the server knows once it has asked it.
        Waiting.until("it is known who moves", 60, () -> status(api, moves)
                .at("/device/identity/serialNumber")
                .asText()
                .equals(farm.device(MOVES).serialNumber()));
        farm.camera(MOVES).set(FaultKind.NEW_ADDRESS);
        api.postText("/api/v1/cameras/" + moves + "/device/reboot", "").expect(202);
        api.patch(
                        "/api/v1/cameras/" + sendsToAGroup,
                        Map.of("settings", Map.of("transport", "multicast", "multicast-interface", "lo")),
                        "*")
                .expect(200);
    }

    void end(Api api) {
        Waiting.until("it is taken where it has come to", 90, () -> address(api).equals(farm.httpUri(MOVES)));
        assertThat(address(api)).startsWith("http://127.0.0.2:");
        Waiting.until("it records there", 60, () -> api.state(moves).equals("recording"));
        Waiting.until(
                "its event is kept",
                30,
                () -> api.get("/api/v1/events?kinds=camera.moved&cameras=" + moves)
                                .expect(200)
                                .json()
                                .get("items")
                                .size()
                        == 1);
        String noted =
                api.get("/api/v1/audit?action=camera.moved").expect(200).json().toString();
        assertThat(noted).contains(moves, farm.httpUri(MOVES));

        Waiting.until(
                "the other's pictures come from a group",
                60,
                () -> status(api, sendsToAGroup)
                                .at("/streams/0/transport")
                                .asText()
                                .equals("multicast")
                        && api.state(sendsToAGroup).equals("recording"));
        api.delete("/api/v1/cameras/" + moves).expect(204);
        api.delete("/api/v1/cameras/" + sendsToAGroup).expect(204);
    }

    private String address(Api api) {
        return api.get("/api/v1/cameras/" + moves)
                .expect(200)
                .json()
                .get("address")
                .asText();
    }

    private static JsonNode status(Api api, String camera) {
        return api.get("/api/v1/cameras/" + camera + "/status").expect(200).json();
    }
}

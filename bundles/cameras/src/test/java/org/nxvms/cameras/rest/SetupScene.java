// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.driver.spi.DeviceSearch.Knowledge;

/** Three drivers that know a device more or less, and cameras that are added by address and login. */
abstract class SetupScene {
    static final String CAMERAS = CamerasResource.BASE;
    static final ObjectMapper JSON = new ObjectMapper();

    private final CamerasServer server;
    FakeDriver maker;
    FakeDriver standard;
    FakeDriver streams;

    /** @param server of the class: it ends with it */
    SetupScene(CamerasServer server) {
        this.server = server;
    }

    @BeforeEach
    void start() {
        install();
    }

    final void install() {
        maker = FakeDriver.knowing("maker", "http", Knowledge.MAKER);
        standard = FakeDriver.knowing("standard", "http", Knowledge.STANDARD);
        streams = FakeDriver.knowing("streams", "rtsp", Knowledge.STREAMS);
        streams.anonymous = true;
        server.registry().driver.anonymous = true;
        server.registry().install(streams);
        server.registry().install(standard);
        server.registry().install(maker);
    }

    final HttpResponse<String> add(String address, String more) throws Exception {
        return server.send(
                "POST",
                CAMERAS + "/setup",
                "{\"address\":\"" + address + "\",\"username\":\"admin\",\"password\":\"geheim\"" + more + "}");
    }

    final JsonNode added(String address, String more) throws Exception {
        HttpResponse<String> answer = add(address, more);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return JSON.readTree(answer.body());
    }
}

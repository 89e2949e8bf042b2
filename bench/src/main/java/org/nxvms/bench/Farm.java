// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ServerSocket;
import org.nxvms.itests.harness.Api;

/** The benchmark's cameras as the server sees them. */
final class Farm {
    private Farm() {}

    /** {@return how many cameras are recorded} */
    static long recording(Api api) {
        long count = 0;
        for (JsonNode camera :
                api.get("/api/v1/cameras?limit=1000").expect(200).json().get("items")) {
            count += camera.at("/status/state").asText().equals("recording") ? 1 : 0;
        }
        return count;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}

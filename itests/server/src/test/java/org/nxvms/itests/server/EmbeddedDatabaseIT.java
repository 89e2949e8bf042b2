// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.nxvms.itests.harness.PackedServer;

/** The stories on the embedded database, which needs no configuration; and others that any server will do for. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EmbeddedDatabaseIT extends RecordingStories {
    @Override
    PackedServer server() {
        return PackedServer.unpacked("embedded");
    }

    @Test
    void mainIsRecordedWhenItIsWantedWhileSubRunsThrough() {
        RecordedFrames recorded =
                new RecordedFrames(server.data().resolve("archive"), farm.clip().main());
        RecordingModes.mainIsRecordedWhenItIsWantedWhileSubRunsThrough(api, farm, recorded);
    }

    /** Last: the server is another process afterwards. */
    @Test
    @Order(Integer.MAX_VALUE)
    void aLossIsSaidInTimeAndWhoFollowsMissesNothing() throws Exception {
        FollowedEvents.aLossIsSaidInTimeAndWhoFollowsMissesNothing(server);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import org.nxvms.itests.harness.PackedServer;

/** The stories on the embedded database, which needs no configuration. */
class EmbeddedDatabaseIT extends RecordingStories {
    @Override
    PackedServer server() {
        return PackedServer.unpacked("embedded");
    }
}

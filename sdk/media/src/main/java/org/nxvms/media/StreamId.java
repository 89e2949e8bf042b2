// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media;

import java.util.Objects;
import java.util.UUID;

/** Names one stream of one camera everywhere: hub, archive, REST. */
public record StreamId(UUID cameraId, StreamRole role) {
    public StreamId {
        Objects.requireNonNull(cameraId, "cameraId");
        Objects.requireNonNull(role, "role");
    }

    public static StreamId main(UUID cameraId) {
        return new StreamId(cameraId, StreamRole.MAIN);
    }

    public static StreamId sub(UUID cameraId) {
        return new StreamId(cameraId, StreamRole.SUB);
    }

    /** {@return {@code cameraId/role}, as used in file paths and logs} */
    @Override
    public String toString() {
        return cameraId + "/" + role.id();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.util.Optional;

/** Other addresses of a camera's streams than its own, as a vendor writes them. Called on the farm's thread; does not block. */
@FunctionalInterface
public interface StreamNames {
    StreamNames NONE = (path, query) -> Optional.empty();

    /**
     * {@return the stream, if this address is one}
     *
     * @param path without the part that names a track
     * @param query as written, without the question mark; may be empty
     */
    Optional<Camera.Role> find(String path, String query);
}

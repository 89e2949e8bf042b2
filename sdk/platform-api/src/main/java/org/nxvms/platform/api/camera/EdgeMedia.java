// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Footage on its way from a camera's own storage: one whole file.
 *
 * @param mediaType {@code video/mp4}, {@code video/x-matroska} ...
 * @param bytes to be read by one thread; waits for the camera at most some seconds at a time. An {@link IOException} says, for
 *     people, why it broke off. Who stops reading for more than a minute finds it broken off
 */
public record EdgeMedia(String mediaType, InputStream bytes) implements AutoCloseable {
    public EdgeMedia {
        Objects.requireNonNull(mediaType, "mediaType");
        Objects.requireNonNull(bytes, "bytes");
    }

    /** Ends the fetch, whole or not. */
    @Override
    public void close() throws IOException {
        bytes.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.worker;

import java.nio.ByteBuffer;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.TrackFormat;
import org.osgi.annotation.versioning.ProviderType;

/** Runs FFmpeg in child processes: one for each source, one shared by the stills. */
@ProviderType
public interface MediaWorker {
    /**
     * Opens a source in a process of its own. Any thread; returns at once. What becomes of it, also that
     * no process could be started, is told to the listener.
     *
     * @param door is asked before each connection that the source makes
     */
    SourceSession open(SourceRequest request, SourceDoor door, SourceListener listener);

    /**
     * Makes a JPEG of one key frame. Any thread; blocks up to {@code timeoutMs}, waiting for others'
     * stills included.
     *
     * @param track what the picture is, H.264, H.265 or MJPEG
     * @param picture one access unit as in the stream hub; consumed
     * @param widthMax 16..7680; a wider picture is scaled down to it, keeping its shape
     * @param timeoutMs 100..30_000
     * @throws DriverException of kind UNSUPPORTED when the picture cannot be decoded, BUSY when there is
     *     too much to do or the process was lost over it
     */
    byte[] jpeg(TrackFormat track, ByteBuffer picture, int widthMax, int timeoutMs) throws DriverException;
}

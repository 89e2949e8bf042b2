// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.worker;

import java.nio.ByteBuffer;
import java.util.List;
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

    /** Most pictures that one still is decoded from: a minute at 25 a second. */
    int PICTURES_MAX = 1_500;

    /**
     * A coded picture.
     *
     * @param time when it is shown, in any unit
     * @param data one access unit as in the stream hub; consumed
     */
    record CodedPicture(long time, ByteBuffer data) {}

    /**
     * Makes a JPEG of a picture that others stand before; as {@link #jpeg(TrackFormat, ByteBuffer, int, int)}. Others' stills wait
     * until it is decoded.
     *
     * @param pictures 1..{@link #PICTURES_MAX}, from a key frame up to the one that is wanted, in the order of their decoding
     * @param wanted when that is shown
     */
    byte[] jpeg(TrackFormat track, List<CodedPicture> pictures, long wanted, int widthMax, int timeoutMs)
            throws DriverException;
}

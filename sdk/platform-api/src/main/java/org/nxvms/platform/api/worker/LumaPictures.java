// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.worker;

import java.nio.ByteBuffer;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.TrackFormat;
import org.osgi.annotation.versioning.ProviderType;

/**
 * How bright key frames are, cell by cell: for who compares pictures and shows none. Decoded in a process of its own with the
 * lowest priority, so that it takes what others leave and no still waits for it.
 *
 * @since 0.1
 */
@ProviderType
public interface LumaPictures {
    int COLUMNS_MAX = 256;
    int ROWS_MAX = 256;

    /**
     * Any thread; blocks up to {@code timeoutMs}, waiting for others' pictures included.
     *
     * @param track what the picture is, H.264, H.265 or MJPEG
     * @param picture one access unit as in the stream hub, a key frame; consumed
     * @param columns 2..{@link #COLUMNS_MAX}, of which the picture's width is divided into as many cells
     * @param rows 2..{@link #ROWS_MAX}, likewise its height
     * @param timeoutMs 100..30_000
     * @return the mean brightness of each cell, 0..255, row by row
     * @throws DriverException of kind UNSUPPORTED when the picture cannot be decoded, BUSY when there is too much to do or the
     *     process was lost over it, CLOSED when the worker or the waiting thread stops
     */
    byte[] luma(TrackFormat track, ByteBuffer picture, int columns, int rows, int timeoutMs) throws DriverException;
}

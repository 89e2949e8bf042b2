// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.util.Optional;
import org.nxvms.driver.spi.DriverException;
import org.osgi.annotation.versioning.ProviderType;

/** Somebody talks through a camera, see {@link CameraControl#talk}. By one thread, but {@link #close} by any. */
@ProviderType
public interface CameraTalk extends AutoCloseable {
    /**
     * Hands the next sound on; waits a little while the camera takes nothing.
     *
     * @param frame as the driver's contract says of the format, 1..{@link org.nxvms.driver.spi.AudioOut#FRAME_BYTES_MAX}
     * @return false when it found no place: it is left out, for sound that is late is of no use
     * @throws DriverException when the talk is over: why it ended, kind CLOSED after {@link #close}
     * @throws InterruptedException when the caller's thread is
     */
    boolean play(byte[] frame) throws DriverException, InterruptedException;

    /** {@return why the talk is over; empty while it goes on} */
    Optional<DriverException> over();

    /** Ends the talk. Idempotent; does not wait. */
    @Override
    void close();
}

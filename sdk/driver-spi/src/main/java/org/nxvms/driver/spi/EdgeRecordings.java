// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What the device has recorded itself, on a card or a share of its own (ONVIF Recording Search and Replay, Profile G): to
 * see, and to fill gaps with. The platform fetches in a session of its own, one fetch a device at a time.
 *
 * <p>Times are by the device's own clock, as {@link DeviceClock} tells it: the platform, which knows how far that is off,
 * converts them.
 *
 * @since 1.3
 */
@ConsumerType
public interface EdgeRecordings extends Capability {
    /**
     * One stretch of footage without a gap that the device knows of.
     *
     * @param id the device's own name of it, letters, digits, dots, hyphens and underscores, 1..128
     * @param to its end; empty while the device still records it
     */
    record Recording(String id, Instant from, Optional<Instant> to) {
        public Recording {
            if (!id.matches("[A-Za-z0-9._-]{1,128}")) {
                throw new IllegalArgumentException(
                        "a recording's id has 1..128 letters, digits, dots, hyphens and underscores");
            }
            Objects.requireNonNull(from, "from");
            Objects.requireNonNull(to, "to");
        }
    }

    /** More are found by asking for the time behind the last one's start. */
    int RECORDINGS_MAX = 1_000;

    /**
     * {@return what overlaps a range of time, oldest first, at most {@value #RECORDINGS_MAX}}
     *
     * @param to after {@code from}
     */
    List<Recording> recordings(Instant from, Instant to) throws DriverException;

    /**
     * Begins to fetch a part of a recording. A device that can only begin at a key frame begins at the one before.
     *
     * @param id as {@link #recordings} told it. Kind NOT_FOUND when there is none of it (any more), or nothing of it in the
     *     range
     * @param to after {@code from}
     */
    Download fetch(String id, Instant from, Instant to) throws DriverException;

    /** Footage on its way: one whole file, read once from its beginning to its end. By one thread. */
    @ConsumerType
    interface Download extends AutoCloseable {
        /** {@return what kind of file it is: {@code video/mp4}, {@code video/x-matroska}, {@code video/mp2t}} */
        String mediaType();

        /**
         * Reads on; waits for the device up to {@link DeviceTarget#timeoutMs()}. The device is not asked for more than is
         * read, but for a small buffer: the platform reads as fast as it writes.
         *
         * @param into room for at least one byte
         * @return how many bytes were put into it, at least one; -1 at the end of the file
         * @throws DriverException when it breaks off: kind UNREACHABLE when nothing comes in time
         * @throws InterruptedException when the platform ends it
         */
        int read(ByteBuffer into) throws DriverException, InterruptedException;

        /** Ends it, whole or not. Idempotent, does not throw. */
        @Override
        void close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The writing side of the archive, used by recorders. One caller per stream at a time.
 *
 * <p>A recorder opens a run, appends fragments, ends the run. Between runs it reports a gap. After a
 * crash or a power cut the archive repairs what was open and explains the missing time by itself.
 */
@ProviderType
public interface FootageSink {
    /**
     * Opens a run on a volume that has room. Ends an open gap of the stream at {@code startUs}. Blocks on
     * disk.
     *
     * @param retentionDaysMax how long its segments are kept at most
     * @throws RefusedException when no volume takes it; try again later
     */
    Run openRun(StreamId stream, StreamFormat format, long startUs, ClockSource clock, int retentionDaysMax)
            throws RefusedException;

    /**
     * Says that the stream has no footage from {@code fromUs} on, and why. A gap that is open already
     * with another cause ends there and a new one begins; with the same cause it goes on.
     */
    void gap(StreamId stream, long fromUs, GapCause cause, String detail);

    /** An open run. One thread at a time; blocks on disk. */
    interface Run extends AutoCloseable {
        /**
         * Appends one fragment, whole or not at all. Starts a new segment by itself before a key fragment
         * when the current one is long or large enough.
         *
         * @param parts one fragment: in the first buffer {@code moof} and the header of {@code mdat}, optionally
         *     behind a {@code prft} that tells {@code startUs} (then a repair after a crash knows wall time exactly);
         *     the payload in the others. Consumed
         * @param count buffers used of {@code parts}
         * @param key whether it begins with a key frame
         * @param stillIntact asked after the bytes were written, before they count: false (the ring's
         *     writer overtook us) takes them back out of the file
         * @return false when {@code stillIntact} answered false
         * @throws IOException when the volume failed; the run is then ended at the last whole fragment. Its cause is
         *     a {@link RefusedException} when the volume takes no footage for now. Another run may be opened at once
         */
        boolean append(
                ByteBuffer[] parts,
                int count,
                long startUs,
                long durationUs,
                boolean key,
                int accessUnits,
                java.util.function.BooleanSupplier stillIntact)
                throws IOException;

        /** Seals what is open. {@code close} without {@code end} does the same at the last fragment's end. */
        void end(long endUs) throws IOException;

        @Override
        void close();
    }

    /** No volume takes footage now. */
    class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final GapCause cause;

        public RefusedException(GapCause cause, String message) {
            super(message);
            this.cause = cause;
        }

        /** {@return DISK_FULL, VOLUME_ABSENT, DISK_SLOW, UNSUPPORTED (format), SERVER_DOWN (the archive stops)} */
        public GapCause gapCause() {
            return cause;
        }
    }
}

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
     * Says which volume takes a stream's footage now: the one on which it has a run, unless that cannot go on or another
     * is wished. Never blocks.
     *
     * <p>A volume may hang at any time and whoever writes to it with it; so a recorder writes each volume on a thread of
     * its own, and asks here again for the streams of a thread that does not come back.
     *
     * @return a volume's name
     * @throws RefusedException when no volume takes footage; try again later
     */
    String volumeFor(StreamId stream, FootageTerms terms) throws RefusedException;

    /**
     * Says what is wished for a stream's footage, also while nothing of it is recorded: copies of what was sealed before
     * are made all the same. Never blocks. {@link #volumeFor} says it too.
     */
    default void wished(StreamId stream, FootageTerms terms) {}

    /**
     * Opens a run. Ends an open gap of the stream at its start. Blocks on disk.
     *
     * @param volume as answered by {@link #volumeFor} just before
     * @throws RefusedException when the volume does not take it; ask for another
     */
    Run openRun(String volume, RunRequest request) throws RefusedException;

    /**
     * What a run needs to begin.
     *
     * @param startUs wall time of its first access unit
     */
    record RunRequest(StreamId stream, StreamFormat format, long startUs, ClockSource clock, FootageTerms terms) {}

    /**
     * Says that the stream has no footage from {@code fromUs} on, and why. A gap that is open already
     * with another cause ends there and a new one begins; with the same cause it goes on. The next footage ends it, of
     * another run or of one that goes on; when nothing is missing between, it was none.
     */
    void gap(StreamId stream, long fromUs, GapCause cause, String detail);

    /** An open run. One thread at a time; blocks on disk. */
    interface Run extends AutoCloseable {
        /**
         * Appends one fragment, whole or not at all. Starts a new segment by itself before a key fragment
         * when the current one is long or large enough, before any when none comes for far longer.
         *
         * @param parts one fragment: in the first buffer {@code moof} and the header of {@code mdat}, optionally
         *     behind a {@code prft} that tells {@code startUs} (then a repair after a crash knows wall time exactly);
         *     the payload in the others. Consumed
         * @param count buffers used of {@code parts}
         * @param key whether it begins with a key frame
         * @param stillIntact asked after the bytes were written, before they count: false (the ring's
         *     writer overtook us) takes them back out of the file
         * @return false when {@code stillIntact} answered false
         * @throws NotDurableException when the volume did not keep what was appended before
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

        /**
         * Asks whether a fragment can be appended without waiting for the file it goes to. A segment that is long or
         * large enough is followed by another, which the archive makes meanwhile: other streams need not wait for that.
         * After a second the answer is yes all the same, and {@link #append} waits. Never waits for a disk.
         *
         * @param startUs as for {@link #append}
         * @param key as for {@link #append}
         * @return false to be asked again soon for this fragment, before any other of the run is appended. Who appends it
         *     all the same waits for the file
         * @since 0.1
         */
        default boolean isReady(long startUs, boolean key) {
            return true;
        }

        /**
         * Says that this fragment is about to be appended by this thread, after it has announced fragments of other runs
         * likewise: where the archive can hash several at once, that costs less than one by one. Never waits for a disk.
         *
         * @param parts as in {@link #append}; they and their bytes must stay as they are until {@link #appendAnnounced}.
         *     When they do not, another method of the run must be called instead
         * @return false when nothing is gained by waiting: {@link #append} it
         * @since 0.1
         */
        default boolean announce(ByteBuffer[] parts, int count) {
            return false;
        }

        /**
         * As {@link #append}, of the fragment for which {@link #announce} answered true. Call {@code append} instead
         * where anything about its bytes has changed since.
         *
         * @since 0.1
         */
        default boolean appendAnnounced(
                long startUs,
                long durationUs,
                boolean key,
                int accessUnits,
                java.util.function.BooleanSupplier stillIntact)
                throws IOException {
            throw new IllegalStateException("nothing was announced");
        }

        /** Seals what is open. {@code close} without {@code end} does the same at the last fragment's end. */
        void end(long endUs) throws IOException;

        @Override
        void close();
    }

    /**
     * Making appended fragments durable failed, so nobody can say which of them are on the disk. The run has ended;
     * footage from {@link #durableEndUs} on should be written again, in a run elsewhere.
     */
    class NotDurableException extends IOException {
        private static final long serialVersionUID = 1L;

        private final long durableEndUs;

        public NotDurableException(String message, Throwable cause, long durableEndUs) {
            super(message, cause);
            this.durableEndUs = durableEndUs;
        }

        /** {@return wall time up to which the run is safe; {@link Long#MAX_VALUE} when all of it is} */
        public long durableEndUs() {
            return durableEndUs;
        }
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

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamReader;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.DecodeTimes;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.platform.api.archive.FootageSink;

/**
 * Collects the access units of one fragment as addresses in the ring, and hands header and ring slices to the archive
 * for one gathering write. Times in the file begin at 0 with each run. All memory is reserved here once; nothing is
 * allocated per access unit. One thread at a time.
 */
final class FragmentGatherer {
    /** A second at 240 frames with two audio tracks of 10 ms packets has less. */
    static final int UNITS_MAX = 1024;
    /** A second at 64 Mbit/s; beyond, fragments become shorter, so that a ring can hold several. */
    static final int BYTES_MAX = 8 << 20;

    private static final int HEADER_BYTES_MAX = 32 + 24 + StreamFormat.TRACKS_MAX * 44 + UNITS_MAX * (20 + 16) + 8;
    /** A track whose clock leaves the leading track's by more than this is broken; its units are left out. */
    private static final long SKEW_SECONDS_MAX = 3600;

    private final StreamReader reader;
    private final int[] clockRates;
    private final DecodeTimes[] decodeTimes;
    private final long[] origins;
    private final FragmentBuilder builder;
    private final ByteBuffer header = ByteBuffer.allocateDirect(HEADER_BYTES_MAX);
    private final ByteBuffer[] parts = new ByteBuffer[UNITS_MAX + 1];
    private final long[] addresses = new long[UNITS_MAX];
    private final int[] lengths = new int[UNITS_MAX];
    private final BooleanSupplier intact;

    private int count;
    private int leadUnits;
    private long firstSequence;
    private long lastSequence;
    private long startUs;
    private boolean key;
    private int fragmentNumber;
    private long leadDts;
    /** The archive may hash it, so neither header nor parts may change. */
    private boolean announced;

    private long announcedEndDts;
    private long announcedEndUs;

    /**
     * @param wanted asked after each write whether it still counts: false once another thread has taken over
     */
    FragmentGatherer(StreamReader reader, StreamFormat format, BooleanSupplier wanted) {
        this.reader = reader;
        int tracks = format.tracks().size();
        clockRates = new int[tracks];
        decodeTimes = new DecodeTimes[tracks];
        origins = new long[tracks];
        for (int i = 0; i < tracks; i++) {
            TrackFormat track = format.tracks().get(i);
            clockRates[i] = track.clockRate();
            decodeTimes[i] = new DecodeTimes(track.isVideo() ? TrackFormats.reorderDepth(track) : OptionalInt.of(0));
        }
        builder = new FragmentBuilder(tracks, UNITS_MAX);
        parts[0] = header;
        intact = () -> wanted.getAsBoolean() && reader.intact(firstSequence);
    }

    /** A run begins with the leading track's access unit of this timestamp. */
    void startRun(long timestamp) {
        for (int i = 0; i < origins.length; i++) {
            origins[i] = Math.floorDiv(timestamp, clockRates[0]) * clockRates[i]
                    + (long) Math.floorMod(timestamp, clockRates[0]) * clockRates[i] / clockRates[0];
            decodeTimes[i].restart();
        }
        fragmentNumber = 0;
        leadDts = 0;
        clear();
    }

    private void clear() {
        count = 0;
        leadUnits = 0;
        key = false;
        announced = false;
        builder.begin(++fragmentNumber);
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** {@return presentation time of a unit within the run, in its track's clock} */
    long presentationTime(int track, long timestamp) {
        return timestamp - origins[track];
    }

    /** {@return whether the unit belongs into the run: not before its first picture, nor absurdly far from it} */
    boolean accepts(int track, long presentationTime) {
        long leadSeconds = leadDts / clockRates[0];
        return presentationTime >= 0
                && Math.abs(presentationTime / clockRates[track] - leadSeconds) <= SKEW_SECONDS_MAX;
    }

    /** {@return the unit's decode time; to be asked once per unit} */
    long decodeTime(int track, long presentationTime) {
        return decodeTimes[track].next(presentationTime);
    }

    /** {@return whether a unit of this length no longer fits} */
    boolean isFullBefore(int length) {
        return count == UNITS_MAX || builder.dataBytes() + (long) length > BYTES_MAX;
    }

    long startUs() {
        return startUs;
    }

    boolean startsWithKey() {
        return key;
    }

    int count() {
        return count;
    }

    long leadDts() {
        return leadDts;
    }

    int leadClockRate() {
        return clockRates[0];
    }

    /** Adds the access unit the reader stands on. */
    void add(int track, long decodeTime, long presentationTime) {
        boolean isKey = reader.key();
        if (!builder.add(track, decodeTime, presentationTime, reader.length(), isKey)) {
            throw new IllegalStateException("the fragment is full; it should have been cut before");
        }
        if (count == 0) {
            firstSequence = reader.sequence();
            startUs = reader.wallUs();
            key = track == 0 && isKey;
        }
        lastSequence = reader.sequence();
        addresses[count] = reader.address();
        lengths[count] = reader.length();
        count++;
        if (track == 0) {
            leadUnits++;
            leadDts = decodeTime;
        }
    }

    /** Lets a successor know that what is gathered is written. */
    void mark() {
        reader.mark(lastSequence + 1);
    }

    /** {@return whether all gathered bytes are still in the ring} */
    boolean isIntact() {
        return reader.intact(firstSequence);
    }

    /** {@return whether footage behind what is gathered is not in the ring any more} */
    boolean isFollowedByLoss() {
        return reader.overtaken();
    }

    /**
     * Announces what was gathered to the archive, once.
     *
     * @param endDts as for {@link #write}, which must follow before anything else is gathered
     * @return whether {@link #write} should wait until others are announced too
     */
    boolean announce(FootageSink.Run run, long endDts, long endUs) {
        if (announced || !isIntact()) {
            return false;
        }
        prepare(endDts);
        announced = run.announce(parts, count + 1);
        announcedEndDts = endDts;
        announcedEndUs = endUs;
        return announced;
    }

    /**
     * Writes what was gathered; it stays gathered until {@link #drop}.
     *
     * @param endDts decode time at which the leading track goes on, or -1 when that is not known
     * @param endUs wall time at which the next fragment begins
     * @return false when the ring's writer overtook us
     */
    boolean write(FootageSink.Run run, long endDts, long endUs) throws IOException {
        if (!isIntact()) {
            // Nothing to look for in the ring; asked again when it is written.
            return false;
        }
        long durationUs = Math.max(1, endUs - startUs);
        boolean asAnnounced = announced && announcedEndDts == endDts && announcedEndUs == endUs;
        announced = false;
        if (asAnnounced) {
            return run.appendAnnounced(startUs, durationUs, key, leadUnits, intact);
        }
        prepare(endDts);
        return run.append(parts, count + 1, startUs, durationUs, key, leadUnits, intact);
    }

    private void prepare(long endDts) {
        if (endDts >= 0) {
            builder.endAt(0, endDts);
        }
        builder.wallClock(startUs);
        header.clear();
        builder.writeHeader(header);
        header.flip();
        for (int i = 0; i < count; i++) {
            parts[i + 1] = reader.view(addresses[i], lengths[i], parts[i + 1]);
        }
    }

    /** Forgets what was gathered: it is written, or lost. */
    void drop() {
        clear();
    }
}

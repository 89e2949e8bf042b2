// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import java.nio.ByteBuffer;

/**
 * Builds the header of one fragment after the other: optional {@code prft}, {@code moof}, and the eight bytes that begin
 * {@code mdat}. The payload never passes through here: the caller writes {@code {header}, {payload}} in one gathering
 * write, the payload being the access units in the order they were {@linkplain #add added}, straight from where they lie.
 *
 * <p>Access units of several tracks may be mixed; each stretch of one track becomes one {@code trun} with its own data
 * offset. Per fragment: {@link #begin}, {@link #add} for each access unit, optionally {@link #endAt} and
 * {@link #wallClock}, then {@link #writeHeader}. Allocates nothing after construction. One thread at a time.
 */
public final class FragmentBuilder {
    private static final int PRFT_BYTES = 32;
    /** "The time stamp is the capture time", ISO/IEC 14496-12 8.16.5 amendment 1. */
    private static final int PRFT_FLAGS_CAPTURE = 24;

    private static final long NTP_EPOCH_OFFSET_S = 2_208_988_800L;
    private static final int TRUN_BASE_FLAGS = 0x000301;
    private static final int TRUN_SAMPLE_FLAGS = 0x000400;
    private static final int TRUN_COMPOSITION = 0x000800;

    private final int trackCount;
    private final byte[] track;
    private final int[] size;
    private final int[] composition;
    private final boolean[] key;
    private final long[] dts;
    private final long[] endDts;
    private final long[] lastDts;
    private final int[] lastDuration;
    private final boolean[] composed;
    private final boolean[] keysOnly;
    private final int[] trackSamples;
    private final int[] trackRuns;

    private int sequence;
    private int count;
    private long dataBytes;
    private long wallUs;

    /**
     * @param trackCount tracks of the init segment
     * @param samplesMax most access units in one fragment; bounds the memory, about 30 bytes each
     */
    public FragmentBuilder(int trackCount, int samplesMax) {
        if (trackCount < 1 || trackCount > 127 || samplesMax < 1) {
            throw new IllegalArgumentException("trackCount " + trackCount + ", samplesMax " + samplesMax);
        }
        this.trackCount = trackCount;
        track = new byte[samplesMax];
        size = new int[samplesMax];
        composition = new int[samplesMax];
        key = new boolean[samplesMax];
        dts = new long[samplesMax];
        endDts = new long[trackCount];
        lastDts = new long[trackCount];
        lastDuration = new int[trackCount];
        composed = new boolean[trackCount];
        keysOnly = new boolean[trackCount];
        trackSamples = new int[trackCount];
        trackRuns = new int[trackCount];
    }

    /**
     * Starts the next fragment; what was added before is forgotten.
     *
     * @param sequence number of the fragment, rising (ISO/IEC 14496-12 8.8.5)
     */
    public void begin(int sequence) {
        this.sequence = sequence;
        count = 0;
        dataBytes = 0;
        wallUs = 0;
        for (int i = 0; i < trackCount; i++) {
            endDts[i] = Long.MIN_VALUE;
            lastDts[i] = Long.MIN_VALUE;
            composed[i] = false;
            keysOnly[i] = true;
            trackSamples[i] = 0;
            trackRuns[i] = 0;
        }
    }

    /**
     * Adds the access unit that lies next in the payload.
     *
     * @param trackNumber from 0
     * @param decodeTime in the track's timescale, more than the track's one before, see {@link DecodeTimes}
     * @param presentationTime in the track's timescale
     * @param bytes its size
     * @param isKey whether decoding can start here
     * @return false when the fragment is full; the access unit was not added, cut here
     */
    public boolean add(int trackNumber, long decodeTime, long presentationTime, int bytes, boolean isKey) {
        if (count == track.length || dataBytes + bytes > Integer.MAX_VALUE - (1 << 20)) {
            return false;
        }
        long offset = presentationTime - decodeTime;
        if (decodeTime < 0 || decodeTime <= lastDts[trackNumber] || offset != (int) offset) {
            throw new IllegalArgumentException("track " + trackNumber + ": decode time " + decodeTime + " after "
                    + lastDts[trackNumber] + ", presentation time " + presentationTime);
        }
        if (count == 0 || track[count - 1] != trackNumber) {
            trackRuns[trackNumber]++;
        }
        track[count] = (byte) trackNumber;
        size[count] = bytes;
        composition[count] = (int) offset;
        key[count] = isKey;
        dts[count] = decodeTime;
        lastDts[trackNumber] = decodeTime;
        composed[trackNumber] |= offset != 0;
        keysOnly[trackNumber] &= isKey;
        trackSamples[trackNumber]++;
        dataBytes += bytes;
        count++;
        return true;
    }

    /**
     * Tells the decode time of the track's first access unit in the next fragment, so that the last duration here is
     * exact. Without it the last duration is the one before it.
     */
    public void endAt(int trackNumber, long decodeTime) {
        endDts[trackNumber] = decodeTime;
    }

    /** Adds a {@code prft} box: the capture time (microseconds since 1970, UTC) of the fragment's first access unit. */
    public void wallClock(long us) {
        wallUs = us;
    }

    /** {@return access units in the fragment} */
    public int sampleCount() {
        return count;
    }

    /** {@return bytes of payload that must follow the header} */
    public int dataBytes() {
        return (int) dataBytes;
    }

    /** {@return what {@link #writeHeader} will write, in bytes} */
    public int headerBytes() {
        return (wallUs != 0 ? PRFT_BYTES : 0) + moofBytes() + 8;
    }

    /** {@return whether the first access unit of track 0 in this fragment is a key} */
    public boolean startsWithKey() {
        for (int i = 0; i < count; i++) {
            if (track[i] == 0) {
                return key[i];
            }
        }
        return false;
    }

    /** Writes the header at the buffer's position (big-endian order is required), which moves behind it. */
    public void writeHeader(ByteBuffer out) {
        if (count == 0) {
            throw new IllegalStateException("a fragment needs at least one access unit");
        }
        if (wallUs != 0) {
            prft(out);
        }
        int moofBytes = moofBytes();
        int moof = Boxes.begin(out, Boxes.MOOF);
        int mfhd = Boxes.beginFull(out, Boxes.MFHD, 0, 0);
        out.putInt(sequence);
        Boxes.end(out, mfhd);
        for (int i = 0; i < trackCount; i++) {
            if (trackSamples[i] > 0) {
                traf(out, i, moofBytes + 8);
            }
        }
        Boxes.end(out, moof);
        out.putInt((int) (8 + dataBytes)).putInt(Boxes.MDAT);
    }

    private void prft(ByteBuffer out) {
        int box = Boxes.beginFull(out, Boxes.PRFT, 1, PRFT_FLAGS_CAPTURE);
        long seconds = Math.floorDiv(wallUs, 1_000_000L) + NTP_EPOCH_OFFSET_S;
        long fraction = (Math.floorMod(wallUs, 1_000_000L) << 32) / 1_000_000L;
        // Rounded up, so that the reader's truncation gives the same microsecond back.
        out.putInt(track[0] + 1).putLong(seconds << 32 | Math.min(fraction + 1, 0xFFFF_FFFFL));
        out.putLong(dts[0] + composition[0]);
        Boxes.end(out, box);
    }

    private int moofBytes() {
        int bytes = 8 + 16;
        for (int i = 0; i < trackCount; i++) {
            if (trackSamples[i] > 0) {
                bytes += 8 + 20 + 20 + trackRuns[i] * 20 + trackSamples[i] * sampleBytes(i);
            }
        }
        return bytes;
    }

    private int sampleBytes(int trackNumber) {
        return 8 + (keysOnly[trackNumber] ? 0 : 4) + (composed[trackNumber] ? 4 : 0);
    }

    private void traf(ByteBuffer out, int trackNumber, int payloadOffset) {
        int traf = Boxes.begin(out, Boxes.TRAF);
        // default-base-is-moof and default-sample-flags
        out.putInt(20).putInt(Boxes.TFHD).putInt(0x020020).putInt(trackNumber + 1);
        out.putInt(keysOnly[trackNumber] ? Boxes.FLAGS_SYNC : Boxes.FLAGS_NON_SYNC);
        int tfdt = Boxes.beginFull(out, Boxes.TFDT, 1, 0);
        int first = nextOf(trackNumber, 0);
        out.putLong(dts[first]);
        Boxes.end(out, tfdt);
        int flags = TRUN_BASE_FLAGS
                | (keysOnly[trackNumber] ? 0 : TRUN_SAMPLE_FLAGS)
                | (composed[trackNumber] ? TRUN_COMPOSITION : 0);
        int offset = payloadOffset;
        int i = 0;
        while (i < count) {
            if (track[i] != trackNumber) {
                offset += size[i];
                i++;
                continue;
            }
            int trun = Boxes.beginFull(out, Boxes.TRUN, 1, flags);
            int countAt = out.position();
            out.putInt(0).putInt(offset);
            int samples = 0;
            for (; i < count && track[i] == trackNumber; i++, samples++) {
                sample(out, i, flags);
                offset += size[i];
            }
            out.putInt(countAt, samples);
            Boxes.end(out, trun);
        }
        Boxes.end(out, traf);
    }

    private void sample(ByteBuffer out, int i, int flags) {
        out.putInt(duration(i)).putInt(size[i]);
        if ((flags & TRUN_SAMPLE_FLAGS) != 0) {
            out.putInt(key[i] ? Boxes.FLAGS_SYNC : Boxes.FLAGS_NON_SYNC);
        }
        if ((flags & TRUN_COMPOSITION) != 0) {
            out.putInt(composition[i]);
        }
    }

    private int duration(int i) {
        int trackNumber = track[i];
        int next = nextOf(trackNumber, i + 1);
        long end = next < count ? dts[next] : endDts[trackNumber];
        if (end > dts[i]) {
            lastDuration[trackNumber] = (int) Math.min(Integer.MAX_VALUE, end - dts[i]);
        }
        return lastDuration[trackNumber];
    }

    private int nextOf(int trackNumber, int from) {
        int i = from;
        while (i < count && track[i] != trackNumber) {
            i++;
        }
        return i;
    }
}

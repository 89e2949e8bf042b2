// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.nxvms.media.StreamReader;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.live.UnitTimes;

/** Gathers the access units of one part, copied out of the ring, and makes one fragment of them. One thread. */
final class PartBuilder {
    /** Five seconds of one picture a second with the sound of an eager codec are 600. */
    private static final int UNITS_MAX = 1_024;

    private static final int PAYLOAD_BYTES_FIRST = 64 << 10;

    private final FragmentBuilder builder;
    private final long[] endTicks;
    private final int payloadBytesMax;
    private byte[] payload = new byte[PAYLOAD_BYTES_FIRST];
    private int used;
    private int sequence;
    private boolean independent;

    PartBuilder(int tracks, int payloadBytesMax) {
        builder = new FragmentBuilder(tracks, UNITS_MAX);
        endTicks = new long[tracks];
        this.payloadBytesMax = payloadBytesMax;
        begin();
    }

    private void begin() {
        builder.begin(++sequence);
        Arrays.fill(endTicks, Long.MIN_VALUE);
        used = 0;
        independent = false;
    }

    boolean isEmpty() {
        return builder.sampleCount() == 0;
    }

    /** Adds the access unit the reader stands on; {@return whether it found room and was not overwritten meanwhile} */
    boolean add(UnitTimes times, StreamReader reader) {
        int length = reader.length();
        if (length > payloadBytesMax - used) {
            return false;
        }
        if (used + length > payload.length) {
            payload = Arrays.copyOf(payload, Math.min(payloadBytesMax, Math.max(payload.length * 2, used + length)));
        }
        reader.data().get(payload, used, length);
        int track = times.track();
        if (!reader.intact() || !builder.add(track, times.decoded(), times.presented(), length, reader.key())) {
            return false;
        }
        if (builder.sampleCount() == 1) {
            builder.wallClock(reader.wallUs());
        }
        used += length;
        endTicks[track] = times.decoded() + times.ticks(track);
        independent |= times.start();
        return true;
    }

    /**
     * {@return the part; the next one is begun}
     *
     * @param end decode time of what follows in track 0
     */
    Part end(long end, long durationUs) {
        endTicks[0] = end;
        for (int i = 0; i < endTicks.length; i++) {
            if (endTicks[i] != Long.MIN_VALUE) {
                builder.endAt(i, endTicks[i]);
            }
        }
        ByteBuffer bytes = ByteBuffer.allocate(builder.headerBytes() + used);
        builder.writeHeader(bytes);
        bytes.put(payload, 0, used);
        Part part = new Part(bytes.flip().asReadOnlyBuffer(), durationUs, independent);
        begin();
        return part;
    }
}

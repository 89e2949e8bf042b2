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
    private final int payloadBytesMax;
    private final int[] track = new int[UNITS_MAX];
    private final int[] length = new int[UNITS_MAX];
    private final long[] decoded = new long[UNITS_MAX];
    private final long[] presented = new long[UNITS_MAX];
    private final long[] wallUs = new long[UNITS_MAX];
    private final boolean[] key = new boolean[UNITS_MAX];
    private final boolean[] start = new boolean[UNITS_MAX];
    /** How long the newest unit of each track is taken to last. */
    private final long[] unitTicks;

    private final long[] endTicks;

    private byte[] payload = new byte[PAYLOAD_BYTES_FIRST];
    private int used;
    private int count;
    /** Index of the newest picture. */
    private int picture;

    private int sequence;

    PartBuilder(int tracks, int payloadBytesMax) {
        builder = new FragmentBuilder(tracks, UNITS_MAX);
        unitTicks = new long[tracks];
        endTicks = new long[tracks];
        this.payloadBytesMax = payloadBytesMax;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** {@return whether nothing but the newest picture, and sound, was gathered} */
    boolean isOnePicture() {
        return picture == 0;
    }

    /**
     * Adds the access unit the reader stands on; {@return whether it found room and was not overwritten meanwhile}
     *
     * @param laterTicks added to its times
     */
    boolean add(UnitTimes times, StreamReader reader, long laterTicks) {
        int bytes = reader.length();
        if (count == UNITS_MAX || bytes > payloadBytesMax - used) {
            return false;
        }
        if (used + bytes > payload.length) {
            payload = Arrays.copyOf(payload, Math.min(payloadBytesMax, Math.max(payload.length * 2, used + bytes)));
        }
        reader.data().get(payload, used, bytes);
        if (!reader.intact()) {
            return false;
        }
        track[count] = times.track();
        length[count] = bytes;
        decoded[count] = times.decoded() + laterTicks;
        presented[count] = times.presented() + laterTicks;
        wallUs[count] = reader.wallUs();
        key[count] = reader.key();
        start[count] = times.start();
        unitTicks[times.track()] = times.ticks(times.track());
        picture = times.track() == 0 ? count : picture;
        used += bytes;
        count++;
        return true;
    }

    /**
     * {@return the part; the next one is begun}
     *
     * @param end decode time of what follows in track 0
     */
    Part end(long end, long durationUs) {
        return end(count, end, durationUs);
    }

    /**
     * {@return the part up to the newest picture, with which, and with what came after it, the next one is begun}
     *
     * @param end decode time of that picture
     */
    Part endBeforePicture(long end, long durationUs) {
        return end(picture, end, durationUs);
    }

    private Part end(int units, long end, long durationUs) {
        // A key frame by itself is what playlists of key frames name.
        boolean begins = start[0];
        boolean apart = begins && pictures(units) > 1;
        ByteBuffer keyHeader = apart ? header(0, 1, end) : ByteBuffer.allocate(0);
        ByteBuffer header = header(apart ? 1 : 0, units, end);
        boolean independent = false;
        int bytes = 0;
        for (int i = 0; i < units; i++) {
            bytes += length[i];
            independent |= start[i];
        }
        int keyPayload = apart ? length[0] : 0;
        ByteBuffer part = ByteBuffer.allocate(keyHeader.remaining() + header.remaining() + bytes);
        part.put(keyHeader).put(payload, 0, keyPayload);
        int keyBytes = part.position();
        part.put(header).put(payload, keyPayload, bytes - keyPayload);
        keep(units, bytes);
        int beginBytes = apart ? keyBytes : part.position();
        return new Part(part.flip().asReadOnlyBuffer(), durationUs, independent, begins ? beginBytes : 0);
    }

    private int pictures(int units) {
        int pictures = 0;
        for (int i = 0; i < units; i++) {
            pictures += track[i] == 0 ? 1 : 0;
        }
        return pictures;
    }

    /** {@return the boxes before the payload of a fragment of some units} */
    private ByteBuffer header(int from, int to, long end) {
        Arrays.fill(endTicks, Long.MIN_VALUE);
        builder.begin(++sequence);
        builder.wallClock(wallUs[from]);
        for (int i = from; i < to; i++) {
            if (!builder.add(track[i], decoded[i], presented[i], length[i], key[i])) {
                throw new IllegalStateException("no room for unit " + i + " of " + count);
            }
            endTicks[track[i]] = track[i] == 0 ? end : decoded[i] + unitTicks[track[i]];
        }
        for (int i = count - 1; i >= to; i--) {
            if (endTicks[track[i]] != Long.MIN_VALUE) {
                endTicks[track[i]] = decoded[i];
            }
        }
        for (int i = 0; i < endTicks.length; i++) {
            if (endTicks[i] != Long.MIN_VALUE) {
                builder.endAt(i, endTicks[i]);
            }
        }
        ByteBuffer header = ByteBuffer.allocate(builder.headerBytes());
        builder.writeHeader(header);
        return header.flip();
    }

    /** What is behind the first units stays. */
    private void keep(int from, int fromByte) {
        int kept = count - from;
        for (Object of : new Object[] {track, length, decoded, presented, wallUs, key, start}) {
            System.arraycopy(of, from, of, 0, kept);
        }
        System.arraycopy(payload, fromByte, payload, 0, used - fromByte);
        count = kept;
        used -= fromByte;
        picture = Math.max(0, picture - from);
    }
}

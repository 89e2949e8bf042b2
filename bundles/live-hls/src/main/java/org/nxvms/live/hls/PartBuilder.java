// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nxvms.media.StreamReader;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.live.UnitTimes;

/** Gathers the access units of one part, copied out of the ring, and makes a fragment of each track of them. One thread. */
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

    private byte[] payload = new byte[PAYLOAD_BYTES_FIRST];
    private int used;
    private int count;
    /** Index of the newest picture. */
    private int picture;

    private int sequence;

    PartBuilder(int tracks, int payloadBytesMax) {
        builder = new FragmentBuilder(tracks, UNITS_MAX);
        unitTicks = new long[tracks];
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

    /**
     * A fragment of one track.
     *
     * @param header the boxes before its payload
     */
    private record Fragment(int track, int from, int to, ByteBuffer header) {}

    /** A fragment of each track: what DASH players fetch of one track lies in one piece, and all of it is what HLS players fetch. */
    private Part end(int units, long end, long durationUs) {
        boolean begins = start[0];
        // A key frame by itself is what playlists of key frames name.
        boolean apart = begins && has(0, 1, units);
        List<Fragment> fragments = new ArrayList<>(unitTicks.length + 1);
        if (apart) {
            fragments.add(new Fragment(0, 0, 1, header(0, 0, 1, end)));
        }
        for (int of = 0; of < unitTicks.length; of++) {
            int from = of == 0 && apart ? 1 : 0;
            if (has(of, from, units)) {
                fragments.add(new Fragment(of, from, units, header(of, from, units, end)));
            }
        }
        boolean independent = false;
        int bytes = 0;
        for (int i = 0; i < units; i++) {
            bytes += length[i];
            independent |= start[i];
        }
        int headers = 0;
        for (Fragment fragment : fragments) {
            headers += fragment.header().remaining();
        }
        ByteBuffer part = ByteBuffer.allocate(headers + bytes);
        int keyBytes = 0;
        int leadBytes = 0;
        int soundEnd = 0;
        for (Fragment fragment : fragments) {
            put(part, fragment);
            keyBytes = keyBytes == 0 ? part.position() : keyBytes;
            leadBytes = fragment.track() == 0 ? part.position() : leadBytes;
            soundEnd = fragment.track() <= Track.SOUND_NUMBER ? part.position() : soundEnd;
        }
        Part.Layout layout = new Part.Layout(
                begins ? keyBytes : 0, leadBytes, soundEnd - leadBytes, first(Track.SOUND_NUMBER, units));
        keep(units, bytes);
        return new Part(part.flip().asReadOnlyBuffer(), durationUs, independent, layout);
    }

    private boolean has(int of, int from, int to) {
        for (int i = from; i < to; i++) {
            if (track[i] == of) {
                return true;
            }
        }
        return false;
    }

    /** {@return when the first unit of a track is decoded} */
    private long first(int of, int units) {
        for (int i = 0; i < units; i++) {
            if (track[i] == of) {
                return decoded[i];
            }
        }
        return Part.NO_SOUND;
    }

    private void put(ByteBuffer part, Fragment fragment) {
        part.put(fragment.header());
        int at = 0;
        for (int i = 0; i < fragment.to(); i++) {
            if (i >= fragment.from() && track[i] == fragment.track()) {
                part.put(payload, at, length[i]);
            }
            at += length[i];
        }
    }

    /** {@return the boxes before the payload of a fragment of a track's units} */
    private ByteBuffer header(int of, int from, int to, long end) {
        builder.begin(++sequence);
        long endTicks = Long.MIN_VALUE;
        for (int i = from; i < to; i++) {
            if (track[i] == of) {
                if (endTicks == Long.MIN_VALUE) {
                    builder.wallClock(wallUs[i]);
                }
                if (!builder.add(of, decoded[i], presented[i], length[i], key[i])) {
                    throw new IllegalStateException("no room for unit " + i + " of " + count);
                }
                endTicks = of == 0 ? end : decoded[i] + unitTicks[of];
            }
        }
        for (int i = count - 1; i >= to; i--) {
            endTicks = track[i] == of ? decoded[i] : endTicks;
        }
        builder.endAt(of, endTicks);
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

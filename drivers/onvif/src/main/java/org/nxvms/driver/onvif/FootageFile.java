// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.DecodeTimes;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.fmp4.InitSegment;
import org.nxvms.media.kit.nal.TrackFormats;

/**
 * Pictures, and sound if there is any, as fragmented MP4, written while it is read. Media time is wall time since the first picture; each fragment
 * says its own in a {@code prft}, by the clock of who made the pictures. One thread.
 */
final class FootageFile {
    private static final int UNITS_MAX = 2_000;
    /** A fragment without a key frame is cut there. */
    private static final int FRAGMENT_BYTES_MAX = 4 << 20;

    private final int clockRate;
    private final Optional<TrackFormat> sound;
    private final FragmentBuilder builder;
    private final DecodeTimes decodeTimes;
    private final Deque<ByteBuffer> ready = new ArrayDeque<>();
    private ByteArrayOutputStream payload = new ByteArrayOutputStream();
    private OptionalLong firstUs = OptionalLong.empty();
    private long soundTicks = -1;
    private int fragments;

    FootageFile(TrackFormat format, Optional<TrackFormat> sound) {
        clockRate = format.clockRate();
        this.sound = sound;
        decodeTimes = new DecodeTimes(TrackFormats.reorderDepth(format));
        List<TrackFormat> tracks = new ArrayList<>(List.of(format));
        sound.ifPresent(tracks::add);
        builder = new FragmentBuilder(tracks.size(), UNITS_MAX);
        ready.add(ByteBuffer.wrap(InitSegment.build(new StreamFormat(tracks))));
        builder.begin(++fragments);
    }

    /** Adds the next picture in decoding order. */
    void add(ByteBuffer unit, long wallUs, boolean key) {
        if (firstUs.isEmpty()) {
            firstUs = OptionalLong.of(wallUs);
        }
        long shown = Math.floorDiv((wallUs - firstUs.getAsLong()) * clockRate + 500_000, 1_000_000);
        long decoded = decodeTimes.next(shown);
        boolean full = payload.size() + unit.remaining() > FRAGMENT_BYTES_MAX;
        if (key || full || builder.sampleCount() == UNITS_MAX) {
            builder.endAt(0, decoded);
            cut();
        }
        if (builder.sampleCount() == 0) {
            builder.wallClock(wallUs);
        }
        builder.add(0, decoded, shown, unit.remaining(), key);
        payload.write(unit.array(), unit.arrayOffset() + unit.position(), unit.remaining());
    }

    /** Adds the next frame of sound; what was recorded before the first picture is left out, and what has no room. */
    void addSound(ByteBuffer unit, long wallUs) {
        boolean room = builder.sampleCount() < UNITS_MAX && payload.size() + unit.remaining() <= FRAGMENT_BYTES_MAX;
        if (sound.isEmpty() || firstUs.isEmpty() || wallUs < firstUs.getAsLong() || !room) {
            return;
        }
        long shown = Math.floorDiv((wallUs - firstUs.getAsLong()) * sound.get().clockRate() + 500_000, 1_000_000);
        soundTicks = Math.max(soundTicks + 1, shown);
        builder.add(1, soundTicks, soundTicks, unit.remaining(), true);
        payload.write(unit.array(), unit.arrayOffset() + unit.position(), unit.remaining());
    }

    private void cut() {
        if (builder.sampleCount() == 0) {
            return;
        }
        ByteBuffer header = ByteBuffer.allocate(builder.headerBytes());
        builder.writeHeader(header);
        ready.add(header.flip());
        ready.add(ByteBuffer.wrap(payload.toByteArray()));
        payload = new ByteArrayOutputStream(payload.size());
        builder.begin(++fragments);
    }

    /** Nothing follows. */
    void end() {
        cut();
    }

    boolean isReady() {
        return !ready.isEmpty();
    }

    /** {@return how many bytes were put into the buffer} Call it when something {@linkplain #isReady is ready}. */
    int read(ByteBuffer into) {
        ByteBuffer piece = ready.element();
        int count = Math.min(piece.remaining(), into.remaining());
        into.put(piece.slice(piece.position(), count));
        piece.position(piece.position() + count);
        if (!piece.hasRemaining()) {
            ready.remove();
        }
        return count;
    }
}

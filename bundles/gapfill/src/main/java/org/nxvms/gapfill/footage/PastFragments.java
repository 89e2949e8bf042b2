// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.footage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.fmp4.DecodeTimes;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.platform.api.archive.FootageSink.RefusedException;
import org.nxvms.platform.api.archive.FootageSink.Run;
import org.nxvms.platform.api.archive.PastFootage.NotMissingException;

/**
 * One run in the past, from its lead on: pictures in front of the run's beginning on which the first one depends. Each of
 * them lasts a tick of media time, so that a decoder takes them in passing, and the time line has each picture once. Sound, if
 * there is any, lies beside its pictures.
 */
final class PastFragments implements AutoCloseable {
    /** A group of four and a half minutes at 15 pictures a second. */
    static final int LEAD_MAX = 4_096;

    private static final int UNITS_MAX = LEAD_MAX + 1_024;
    private static final long FRAGMENT_US = 500_000;
    private static final int FRAGMENT_BYTES_MAX = 4 << 20;

    private final Run run;
    private final long startUs;
    private final int clockRate;
    private final Optional<TrackFormat> sound;
    private final FragmentBuilder builder;
    private final DecodeTimes decodeTimes;
    private final List<ByteBuffer> payload = new ArrayList<>();
    private long payloadBytes;
    private long endUs;
    private int fragments;
    private long fragmentUs;
    private long ticks = -1;
    private long soundTicks = -1;
    private int pictures;
    /** Whether the fragment has more than the lead. */
    private boolean hasPicture;

    /** Opens the run. */
    @FunctionalInterface
    interface Opening {
        Run open() throws IOException, RefusedException, NotMissingException;
    }

    /**
     * @param tracks pictures, and sound if there is any
     * @param lead begins with a key frame; empty when the first picture is one
     */
    PastFragments(Opening opening, List<TrackFormat> tracks, long startUs, List<ByteBuffer> lead)
            throws IOException, RefusedException, NotMissingException {
        TrackFormat video = tracks.get(0);
        this.sound = tracks.stream().skip(1).findFirst();
        this.builder = new FragmentBuilder(tracks.size(), UNITS_MAX);
        this.startUs = startUs;
        this.endUs = startUs;
        this.fragmentUs = startUs;
        this.clockRate = video.clockRate();
        this.decodeTimes = new DecodeTimes(TrackFormats.reorderDepth(video));
        builder.begin(++fragments);
        for (int i = 0; i < lead.size(); i++) {
            ticks++;
            put(lead.get(i), ticks, i == 0);
        }
        // Last: a run that nobody has cannot be closed, and none is opened beside it.
        this.run = opening.open();
    }

    /** @param wallUs not before the run's start */
    void add(Picture picture, long wallUs) throws IOException {
        long shown = Math.floorDiv((wallUs - startUs) * clockRate + 500_000, 1_000_000);
        long decoded = Math.max(ticks + 1, decodeTimes.next(shown));
        boolean full = payloadBytes + picture.data().remaining() > FRAGMENT_BYTES_MAX
                || wallUs - fragmentUs >= FRAGMENT_US
                || builder.sampleCount() >= UNITS_MAX - 1;
        if (hasPicture && (picture.key() || full)) {
            flush(Math.max(wallUs, fragmentUs + 1), decoded);
        }
        ticks = decoded;
        put(picture.data(), Math.max(shown, decoded), picture.key());
        hasPicture = true;
    }

    /** Puts a frame of sound beside the pictures; what has no room is left out. @param wallUs rising */
    void hear(ByteBuffer data, long wallUs) {
        boolean room = builder.sampleCount() < UNITS_MAX - 1 && payloadBytes + data.remaining() <= FRAGMENT_BYTES_MAX;
        if (sound.isEmpty() || !hasPicture || wallUs < startUs || !room) {
            return;
        }
        long shown = Math.floorDiv((wallUs - startUs) * sound.get().clockRate() + 500_000, 1_000_000);
        soundTicks = Math.max(soundTicks + 1, shown);
        builder.add(1, soundTicks, soundTicks, data.remaining(), true);
        payload.add(data);
        payloadBytes += data.remaining();
    }

    private void put(ByteBuffer data, long shown, boolean key) {
        builder.add(0, ticks, shown, data.remaining(), key);
        payload.add(data);
        payloadBytes += data.remaining();
        pictures++;
    }

    private void flush(long nextUs, long nextTicks) throws IOException {
        builder.endAt(0, nextTicks);
        builder.wallClock(fragmentUs);
        ByteBuffer header = ByteBuffer.allocate(builder.headerBytes());
        builder.writeHeader(header);
        ByteBuffer body = ByteBuffer.allocate((int) payloadBytes);
        payload.forEach(data -> body.put(data.duplicate()));
        ByteBuffer[] parts = {header.flip(), body.flip()};
        run.append(parts, parts.length, fragmentUs, nextUs - fragmentUs, builder.startsWithKey(), pictures, () -> true);
        endUs = nextUs;
        fragmentUs = nextUs;
        payload.clear();
        payloadBytes = 0;
        pictures = 0;
        hasPicture = false;
        builder.begin(++fragments);
    }

    /** Nothing follows; the last picture lasts until then. */
    void end(long atUs) throws IOException {
        if (hasPicture) {
            long lastTicks = Math.floorDiv((atUs - startUs) * clockRate + 500_000, 1_000_000);
            flush(Math.max(atUs, fragmentUs + 1), Math.max(lastTicks, ticks + 1));
        }
        run.end(endUs);
    }

    long endUs() {
        return endUs;
    }

    long filledUs() {
        return endUs - startUs;
    }

    @Override
    public void close() {
        run.close();
    }
}

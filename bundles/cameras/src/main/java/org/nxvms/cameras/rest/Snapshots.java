// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.nxvms.driver.spi.DeviceSnapshot;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.TrackFormat;
import org.nxvms.platform.api.worker.MediaWorker;
import org.nxvms.rest.kit.problem.Absent;

/** The newest key frame of a stream as JPEG. */
final class Snapshots {
    static final int WIDTH_MIN = 16;
    static final int WIDTH_MAX = 7_680;
    private static final int TIMEOUT_MS = 8_000;
    /**
     * The ring may still hold what a camera sent before it went away; that is no picture of now. The key frame itself may be
     * older: cameras that save bandwidth send one a minute.
     */
    private static final long SILENT_US_MAX = 30_000_000;
    /** Between the start of a run and its key frame stands nothing else; a lapped reader needs a few more. */
    private static final int POLLS_MAX = 16;

    private final Supplier<StreamHub> hub;
    private final Supplier<MediaWorker> worker;

    Snapshots(Supplier<StreamHub> hub, Supplier<MediaWorker> worker) {
        this.hub = hub;
        this.worker = worker;
    }

    /** A picture and when it was taken. */
    record Snapshot(byte[] jpeg, Instant taken) {}

    /** One access unit, copied out of the ring. */
    private record Picture(TrackFormat track, byte[] bytes, long wallUs) {}

    /** {@return the snapshot; empty when the stream sends nothing at the moment} */
    Optional<Snapshot> take(StreamId stream, int widthMax) throws DriverException {
        StreamHub rings = Absent.require(hub.get(), "The stream hub");
        MediaWorker stills = Absent.require(worker.get(), "The media worker");
        long silentSinceUs = System.currentTimeMillis() * 1000 - SILENT_US_MAX;
        boolean sends = rings.statistics(stream)
                .filter(statistics -> statistics.lastCommitUs() >= silentSinceUs)
                .isPresent();
        Optional<Picture> newest = sends ? newest(rings, stream) : Optional.empty();
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        Picture picture = newest.get();
        byte[] jpeg = stills.jpeg(picture.track(), ByteBuffer.wrap(picture.bytes()), widthMax, TIMEOUT_MS);
        return Optional.of(new Snapshot(jpeg, Instant.ofEpochMilli(picture.wallUs() / 1000)));
    }

    /** {@return what a device sent, if it is a JPEG} (ISO/IEC 10918-1 B.1.1.3: it begins with SOI) */
    static byte[] checked(byte[] jpeg) throws DriverException {
        boolean begins = jpeg.length > 2 && (jpeg[0] & 0xFF) == 0xFF && (jpeg[1] & 0xFF) == 0xD8;
        if (!begins || jpeg.length > DeviceSnapshot.BYTES_MAX) {
            throw new DriverException(
                    DriverException.Kind.PROTOCOL,
                    "What the camera sent as a picture is no JPEG, or is too large (" + jpeg.length + " bytes).");
        }
        return jpeg;
    }

    private static Optional<Picture> newest(StreamHub hub, StreamId stream) {
        try (StreamReader reader = hub.openReader(stream, "snapshot", ReaderStart.NEWEST_KEY)) {
            for (int i = 0; i < POLLS_MAX; i++) {
                int entry = reader.poll();
                if (entry == StreamReader.EMPTY || entry == StreamReader.CLOSED) {
                    return Optional.empty();
                }
                if (entry == StreamReader.ACCESS_UNIT && reader.track() == 0 && reader.key()) {
                    byte[] bytes = new byte[reader.length()];
                    reader.data().get(bytes);
                    if (reader.intact()) {
                        Optional<TrackFormat> video = reader.format().video();
                        long wallUs = reader.wallUs();
                        return video.map(track -> new Picture(track, bytes, wallUs));
                    }
                }
            }
            return Optional.empty();
        }
    }
}

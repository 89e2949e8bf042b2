// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.nxvms.platform.api.archive.Archive.SegmentBytes;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.VolumeReadable;

/** Hands out segments' bytes and knows who still reads what was removed meanwhile. Safe for several threads. */
final class OpenReaders {
    private final Map<Place, Reading> readings = new HashMap<>();

    /** A chunk that was moved is read on both volumes for a while. */
    private record Place(UUID segmentId, UUID volumeId) {}

    private static final class Reading {
        int readers;
        long removedBytes;
    }

    /** @param size bytes readable now; for an open chunk it grows */
    SegmentBytes open(Segment segment, VolumeReadable file, LongSupplier size) {
        Place place = new Place(segment.id(), segment.volumeId());
        synchronized (readings) {
            readings.computeIfAbsent(place, none -> new Reading()).readers++;
        }
        return new Bytes(place, file, size);
    }

    /** The segment's file is about to be removed. */
    void removed(Segment segment) {
        removed(segment.id(), segment.volumeId(), segment.sizeBytes());
    }

    /** Its file on that volume is about to be removed. */
    void removed(UUID segmentId, UUID volumeId, long bytes) {
        synchronized (readings) {
            Reading reading = readings.get(new Place(segmentId, volumeId));
            if (reading != null) {
                reading.removedBytes = bytes;
            }
        }
    }

    /** {@return bytes of removed files that the file system cannot give back yet, since they are read} */
    long bytesOfRemoved(UUID volumeId) {
        synchronized (readings) {
            return readings.entrySet().stream()
                    .filter(entry -> entry.getKey().volumeId().equals(volumeId))
                    .mapToLong(entry -> entry.getValue().removedBytes)
                    .sum();
        }
    }

    private void closed(Place place) {
        synchronized (readings) {
            Reading reading = readings.get(place);
            if (reading != null && --reading.readers == 0) {
                readings.remove(place);
            }
        }
    }

    private final class Bytes implements SegmentBytes {
        private final Place place;
        private final VolumeReadable file;
        private final LongSupplier size;
        private final AtomicBoolean closed = new AtomicBoolean();

        Bytes(Place place, VolumeReadable file, LongSupplier size) {
            this.place = place;
            this.file = file;
            this.size = size;
        }

        @Override
        public long size() {
            return size.getAsLong();
        }

        @Override
        public int read(ByteBuffer target, long offset) throws IOException {
            long left = size() - offset;
            if (left <= 0) {
                return -1;
            }
            int limit = target.limit();
            if (target.remaining() > left) {
                target.limit(target.position() + (int) left);
            }
            try {
                return file.read(target, offset);
            } finally {
                target.limit(limit);
            }
        }

        @Override
        public void check(long offset) throws IOException {
            if (file instanceof DecryptedReadable encrypted) {
                encrypted.check(offset);
            }
        }

        @Override
        public void close() throws IOException {
            if (closed.compareAndSet(false, true)) {
                try {
                    file.close();
                } finally {
                    OpenReaders.this.closed(place);
                }
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
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
    private final Map<UUID, Reading> readings = new HashMap<>();

    private static final class Reading {
        int readers;
        UUID volumeId;
        long removedBytes;
    }

    /** @param size bytes readable now; for an open chunk it grows */
    SegmentBytes open(Segment segment, VolumeReadable file, LongSupplier size) {
        synchronized (readings) {
            Reading reading = readings.computeIfAbsent(segment.id(), none -> new Reading());
            reading.readers++;
            reading.volumeId = segment.volumeId();
        }
        return new Bytes(segment.id(), file, size);
    }

    /** The segment's file is about to be removed. */
    void removed(Segment segment) {
        synchronized (readings) {
            Reading reading = readings.get(segment.id());
            if (reading != null) {
                reading.removedBytes = segment.sizeBytes();
            }
        }
    }

    /** {@return bytes of removed files that the file system cannot give back yet, since they are read} */
    long bytesOfRemoved(UUID volumeId) {
        synchronized (readings) {
            return readings.values().stream()
                    .filter(reading -> reading.volumeId.equals(volumeId))
                    .mapToLong(reading -> reading.removedBytes)
                    .sum();
        }
    }

    private void closed(UUID segmentId) {
        synchronized (readings) {
            Reading reading = readings.get(segmentId);
            if (reading != null && --reading.readers == 0) {
                readings.remove(segmentId);
            }
        }
    }

    private final class Bytes implements SegmentBytes {
        private final UUID segmentId;
        private final VolumeReadable file;
        private final LongSupplier size;
        private final AtomicBoolean closed = new AtomicBoolean();

        Bytes(UUID segmentId, VolumeReadable file, LongSupplier size) {
            this.segmentId = segmentId;
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
        public long transferTo(long offset, long length, WritableByteChannel target) throws IOException {
            long left = Math.min(length, size() - offset);
            return left <= 0 ? 0 : file.transferTo(offset, left, target);
        }

        @Override
        public void close() throws IOException {
            if (closed.compareAndSet(false, true)) {
                try {
                    file.close();
                } finally {
                    OpenReaders.this.closed(segmentId);
                }
            }
        }
    }
}

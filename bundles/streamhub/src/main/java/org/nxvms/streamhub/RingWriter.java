// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamWriter;

/** A lease of one epoch. Every operation enters the lease, so that a late writer cannot harm its successor. */
final class RingWriter implements StreamWriter {
    private static final int DETAIL_CHARS_MAX = 1000;

    private final Stream stream;
    private final Lease lease;
    private final long epoch;
    private Ring ring;
    private Run run;
    private long lastUs;
    private boolean closed;

    RingWriter(Stream stream, long epoch) {
        this.stream = stream;
        this.lease = stream.lease();
        this.ring = stream.ring();
        this.epoch = epoch;
    }

    @Override
    public StreamId stream() {
        return stream.id();
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public boolean holdsLease() {
        return !closed && lease.epoch() == epoch;
    }

    @Override
    public boolean watched() {
        return stream.watched();
    }

    @Override
    public int roomBytes() {
        return holdsLease() ? stream.chain().room() : Integer.MAX_VALUE;
    }

    @Override
    public long startRun(StreamFormat format, long startUs, ClockSource clock) {
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(clock, "clock");
        if (closed || !lease.enter(epoch)) {
            return 0;
        }
        try {
            // A unit begun before stays begun: whether it opens a run is only known when it is complete.
            run = new Run(stream.nextRun(), format, startUs, clock);
            ring.startRun(run);
            stream.runStarted(run);
            lastUs = startUs;
            return run.number();
        } finally {
            lease.exit(epoch);
        }
    }

    @Override
    public long continueRun() {
        if (closed || !lease.enter(epoch)) {
            return 0;
        }
        try {
            Run open = ring.openRun();
            if (open == null) {
                return 0;
            }
            run = open;
            lastUs = stream.lastCommitUs();
            return run.number();
        } finally {
            lease.exit(epoch);
        }
    }

    @Override
    public void endRun(long endUs, GapCause cause, String detail) {
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(detail, "detail");
        if (closed || !lease.enter(epoch)) {
            return;
        }
        try {
            run = null;
            stream.endRun(ring, endUs, cause, detail.substring(0, Math.min(detail.length(), DETAIL_CHARS_MAX)));
        } finally {
            lease.exit(epoch);
        }
        stream.ring(true);
    }

    @Override
    public boolean begin() {
        if (closed || !lease.enter(epoch)) {
            return false;
        }
        ring = stream.chain().forNextUnit();
        ring.begin();
        lease.exit(epoch);
        return true;
    }

    @Override
    public boolean append(ByteBuffer source) {
        if (!lease.enter(epoch)) {
            return false;
        }
        boolean stored = ring.append(source);
        lease.exit(epoch);
        return stored;
    }

    @Override
    public boolean appendInt(int value) {
        if (!lease.enter(epoch)) {
            return false;
        }
        boolean stored = ring.appendInt(value);
        lease.exit(epoch);
        return stored;
    }

    @Override
    public boolean appendByte(int value) {
        if (!lease.enter(epoch)) {
            return false;
        }
        boolean stored = ring.appendByte(value);
        lease.exit(epoch);
        return stored;
    }

    @Override
    public int position() {
        return lease.epoch() == epoch ? ring.unitBytes() : 0;
    }

    @Override
    public void putInt(int at, int value) {
        if (!lease.enter(epoch)) {
            return;
        }
        try {
            ring.putInt(at, value);
        } finally {
            lease.exit(epoch);
        }
    }

    @Override
    public int commit(int track, int flags, long timestamp, long wallUs) {
        if (closed || !lease.enter(epoch)) {
            return LEASE_LOST;
        }
        int result = COMMITTED;
        if (ring.unitTooLarge()) {
            result = TOO_LARGE;
        } else if (run == null || track < 0 || track >= run.format().tracks().size() || !ring.unitOpen()) {
            result = NO_RUN;
        }
        if (result == COMMITTED) {
            int bytes = ring.unitBytes();
            ring.commit(track, flags, timestamp, wallUs);
            lastUs = wallUs;
            stream.committed(track, flags, bytes, wallUs);
        } else {
            stream.refused(ring);
            ring.abort();
        }
        lease.exit(epoch);
        if (result == COMMITTED) {
            stream.ring(track == 0);
        }
        return result;
    }

    @Override
    public void abort() {
        if (!lease.enter(epoch)) {
            return;
        }
        if (ring.unitOpen()) {
            stream.refused(ring);
            ring.abort();
        }
        lease.exit(epoch);
    }

    @Override
    public void close() {
        if (run != null) {
            endRun(lastUs, GapCause.UNKNOWN, "the writer was closed");
        }
        abort();
        if (!closed) {
            closed = true;
            stream.writerClosed(epoch);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;

/**
 * An archive that hashes what is announced together: a {@link FakeSink} that remembers in which order it was called, and
 * whose announced fragments must be, when they are written, what they were when they were announced.
 */
final class AnnouncingSink implements FootageSink {
    enum Call {
        ANNOUNCED,
        WRITTEN_AS_ANNOUNCED,
        WRITTEN
    }

    record Event(Call call, StreamId stream) {}

    final FakeSink kept;
    final List<Event> events = new CopyOnWriteArrayList<>();

    AnnouncingSink(FakeSink kept) {
        this.kept = kept;
    }

    List<Call> calls() {
        return events.stream().map(Event::call).toList();
    }

    @Override
    public String volumeFor(StreamId stream, FootageTerms terms) throws RefusedException {
        return kept.volumeFor(stream, terms);
    }

    @Override
    public Run openRun(String volume, RunRequest request) throws RefusedException {
        return new Announcing(kept.openRun(volume, request), request.stream());
    }

    @Override
    public void gap(StreamId stream, long fromUs, GapCause cause, String detail) {
        kept.gap(stream, fromUs, cause, detail);
    }

    private final class Announcing implements Run {
        private final Run run;
        private final StreamId stream;
        private ByteBuffer[] parts;
        private int count;
        private byte[] bytes;

        Announcing(Run run, StreamId stream) {
            this.run = run;
            this.stream = stream;
        }

        private byte[] bytes() {
            java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
            for (int i = 0; i < count; i++) {
                byte[] part = new byte[parts[i].remaining()];
                parts[i].duplicate().get(part);
                all.writeBytes(part);
            }
            return all.toByteArray();
        }

        @Override
        public boolean announce(ByteBuffer[] announced, int announcedCount) {
            events.add(new Event(Call.ANNOUNCED, stream));
            parts = announced;
            count = announcedCount;
            bytes = bytes();
            return true;
        }

        @Override
        public boolean appendAnnounced(
                long startUs, long durationUs, boolean key, int accessUnits, BooleanSupplier stillIntact)
                throws IOException {
            events.add(new Event(Call.WRITTEN_AS_ANNOUNCED, stream));
            byte[] now = bytes();
            boolean same = java.util.Arrays.equals(bytes, now);
            boolean written = run.append(parts, count, startUs, durationUs, key, accessUnits, stillIntact);
            if (written && !same) {
                throw new AssertionError("what is written is not what was announced");
            }
            return written;
        }

        @Override
        public boolean append(
                ByteBuffer[] written,
                int writtenCount,
                long startUs,
                long durationUs,
                boolean key,
                int accessUnits,
                BooleanSupplier stillIntact)
                throws IOException {
            events.add(new Event(Call.WRITTEN, stream));
            return run.append(written, writtenCount, startUs, durationUs, key, accessUnits, stillIntact);
        }

        @Override
        public void end(long endUs) throws IOException {
            run.end(endUs);
        }

        @Override
        public void close() {
            run.close();
        }
    }
}

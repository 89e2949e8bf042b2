// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.nxvms.media.ClockSource;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.Prft;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageSink;

/** An archive that keeps runs in memory and takes each fragment apart as a player would. */
final class FakeSink implements FootageSink {
    final List<Recorded> runs = new CopyOnWriteArrayList<>();
    final List<Missing> gaps = new CopyOnWriteArrayList<>();
    Optional<RefusedException> refusal = Optional.empty();
    /** Appends that fail from now on. */
    int failures;

    record Missing(long fromUs, GapCause cause, String detail) {}

    record Fragment(
            long startUs,
            long durationUs,
            boolean key,
            int accessUnits,
            List<Integer> frames,
            List<SampleTable> tracks) {}

    static final class Recorded {
        final StreamFormat format;
        final long startUs;
        final int retentionDays;
        final List<Fragment> fragments = new CopyOnWriteArrayList<>();
        boolean ended;

        Recorded(StreamFormat format, long startUs, int retentionDays) {
            this.format = format;
            this.startUs = startUs;
            this.retentionDays = retentionDays;
        }

        List<Integer> frames() {
            return fragments.stream().flatMap(f -> f.frames().stream()).toList();
        }
    }

    List<Integer> frames() {
        return runs.stream().flatMap(run -> run.frames().stream()).toList();
    }

    long endUs() {
        return runs.stream()
                .flatMap(run -> run.fragments.stream())
                .mapToLong(f -> f.startUs() + f.durationUs())
                .max()
                .orElse(Long.MIN_VALUE);
    }

    /** Answers the one question a recorder asks. */
    Archive archive() {
        return (Archive) Proxy.newProxyInstance(
                Archive.class.getClassLoader(), new Class<?>[] {Archive.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("range")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    synchronized (this) {
                        return runs.isEmpty()
                                ? Optional.empty()
                                : Optional.of(new Archive.TimeRange(runs.get(0).startUs, endUs()));
                    }
                });
    }

    @Override
    public synchronized Run openRun(StreamId stream, StreamFormat format, long startUs, ClockSource clock, int days)
            throws RefusedException {
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        Recorded run = new Recorded(format, startUs, days);
        runs.add(run);
        return new Open(run);
    }

    @Override
    public synchronized void gap(StreamId stream, long fromUs, GapCause cause, String detail) {
        gaps.add(new Missing(fromUs, cause, detail));
    }

    private final class Open implements Run {
        private final Recorded run;

        Open(Recorded run) {
            this.run = run;
        }

        @Override
        public boolean append(
                ByteBuffer[] parts,
                int count,
                long startUs,
                long durationUs,
                boolean key,
                int accessUnits,
                BooleanSupplier stillIntact)
                throws IOException {
            synchronized (FakeSink.this) {
                if (run.ended) {
                    throw new IOException("the run has ended");
                }
                if (failures > 0) {
                    failures--;
                    run.ended = true;
                    throw new IOException("Input/output error");
                }
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                for (int i = 0; i < count; i++) {
                    byte[] part = new byte[parts[i].remaining()];
                    parts[i].get(part);
                    bytes.writeBytes(part);
                }
                if (!stillIntact.getAsBoolean()) {
                    return false;
                }
                run.fragments.add(take(bytes.toByteArray(), startUs, durationUs, key, accessUnits));
                return true;
            }
        }

        private Fragment take(byte[] bytes, long startUs, long durationUs, boolean key, int accessUnits) {
            try {
                ByteBuffer in = ByteBuffer.wrap(bytes);
                int prft = in.getInt(0);
                if (Prft.wallUs(in.slice(0, prft)) != startUs) {
                    throw new AssertionError("prft does not tell the fragment's start");
                }
                int moof = in.getInt(prft);
                FragmentHeader header = FragmentHeader.parse(in.slice(prft, moof));
                List<Integer> frames = new ArrayList<>();
                SampleTable video = header.track(0).orElseThrow();
                for (int i = 0; i < video.count(); i++) {
                    frames.add(in.getInt((int) (prft + video.offset()[i] + 5)));
                }
                return new Fragment(startUs, durationUs, key, accessUnits, frames, header.tracks());
            } catch (Mp4Exception damaged) {
                throw new AssertionError(damaged);
            }
        }

        @Override
        public void end(long endUs) {
            run.ended = true;
        }

        @Override
        public void close() {
            run.ended = true;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.kit.fmp4.FragmentHeader;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.media.kit.fmp4.Prft;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;

/** An archive that keeps runs in memory and takes each fragment apart as a player would. */
final class FakeSink implements FootageSink {
    final List<Recorded> runs = new CopyOnWriteArrayList<>();
    final List<Missing> gaps = new CopyOnWriteArrayList<>();
    volatile Optional<RefusedException> refusal = Optional.empty();
    /** Appends that fail from now on. */
    int failures;
    /** An append fails since what was written up to here only is known to be on the disk. */
    OptionalLong durableEndUs = OptionalLong.empty();
    /** Names the volume of a stream. */
    volatile Function<StreamId, String> volume = stream -> "main";
    /** Whether the file that a fragment goes to is there. */
    volatile BooleanSupplier ready = () -> true;
    /** Told before an append which volume it is for; may wait, as a disk does. */
    volatile Consumer<String> disk = name -> {};

    record Missing(long fromUs, GapCause cause, String detail) {}

    record Fragment(
            long startUs,
            long durationUs,
            boolean key,
            int accessUnits,
            List<Integer> frames,
            List<SampleTable> tracks) {}

    static final class Recorded {
        final String volume;
        final StreamId stream;
        final StreamFormat format;
        final long startUs;
        final int retentionDays;
        final List<Fragment> fragments = new CopyOnWriteArrayList<>();
        volatile boolean ended;

        Recorded(String volume, RunRequest request) {
            this.volume = volume;
            this.stream = request.stream();
            this.format = request.format();
            this.startUs = request.startUs();
            this.retentionDays = request.terms().retentionDaysMax();
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

    @Override
    public synchronized String volumeFor(StreamId stream, FootageTerms terms) throws RefusedException {
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        return volume.apply(stream);
    }

    @Override
    public synchronized Run openRun(String name, RunRequest request) throws RefusedException {
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        Recorded run = new Recorded(name, request);
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
        public boolean isReady(long startUs, boolean key) {
            return ready.getAsBoolean();
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
            disk.accept(run.volume);
            synchronized (FakeSink.this) {
                if (run.ended) {
                    throw new IOException("the run has ended");
                }
                if (failures > 0) {
                    failures--;
                    run.ended = true;
                    throw new IOException("Input/output error");
                }
                if (durableEndUs.isPresent()) {
                    run.ended = true;
                    long endUs = durableEndUs.getAsLong();
                    durableEndUs = OptionalLong.empty();
                    throw new NotDurableException("fsync failed", null, endUs);
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

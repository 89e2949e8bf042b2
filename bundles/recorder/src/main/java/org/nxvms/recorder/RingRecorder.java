// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.recording.Recorder;
import org.nxvms.platform.api.recording.RecordingOrder;
import org.nxvms.platform.api.recording.RecordingStatus;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;

/** Keeps one {@link StreamRecording} per wished stream on a small fixed set of writer threads. */
@Component(immediate = true, service = Recorder.class, configurationPid = "org.nxvms.recorder")
@Designate(ocd = RecorderConfig.class)
public final class RingRecorder implements Recorder, AutoCloseable {
    private static final long JOIN_MS_MAX = 15_000;

    private final FootageSink sink;
    private final StreamRecording.ReaderSource readers;
    private final LongSupplier nowUs;
    private final Settings settings;
    private final List<VolumeWorker> workers = new ArrayList<>();
    private final Map<StreamId, Placed> wished = new ConcurrentHashMap<>();
    private final List<StreamIngest> ingests = new CopyOnWriteArrayList<>();
    private Optional<Bundle> framework = Optional.empty();
    private boolean closed;

    private record Placed(StreamRecording recording, VolumeWorker worker) {}

    /** See {@link RecorderConfig}. */
    public record Settings(int threads, int tickMs, int drainMs) {
        public Settings {
            if (threads < 1 || threads > 16 || tickMs < 1 || tickMs > 1000 || drainMs < 0 || drainMs > 10_000) {
                throw new IllegalArgumentException("threads must be 1..16, tickMs 1..1000, drainMs 0..10000; they are "
                        + threads + ", " + tickMs + ", " + drainMs);
            }
        }
    }

    @Activate
    public RingRecorder(
            @Reference StreamHub hub,
            @Reference FootageSink sink,
            @Reference Archive archive,
            BundleContext context,
            RecorderConfig config) {
        this(
                hub,
                sink,
                archive,
                new Settings(config.threads(), config.tickMs(), config.drainMs()),
                () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
        framework = Optional.ofNullable(context.getBundle(0));
    }

    public RingRecorder(StreamHub hub, FootageSink sink, Archive archive, Settings settings, LongSupplier nowUs) {
        this.sink = sink;
        this.readers = stream -> ResumePoint.open(hub, archive, stream);
        this.nowUs = nowUs;
        this.settings = settings;
        for (int i = 0; i < settings.threads(); i++) {
            VolumeWorker worker = new VolumeWorker(i, settings.tickMs());
            workers.add(worker);
            worker.start();
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addIngest(StreamIngest ingest) {
        ingests.add(ingest);
    }

    public void removeIngest(StreamIngest ingest) {
        ingests.remove(ingest);
    }

    @Override
    public synchronized void ensure(StreamId stream, RecordingOrder order) {
        Placed placed = wished.get(stream);
        if (placed != null) {
            placed.recording().order(order);
            return;
        }
        if (closed) {
            return;
        }
        StreamRecording recording = new StreamRecording(stream, order, sink, readers, this::whySilent, nowUs);
        // Always the same thread for a stream: what a release left to do is done before the new recording's first step.
        VolumeWorker worker = workers.get(Math.floorMod(stream.hashCode(), workers.size()));
        wished.put(stream, new Placed(recording, worker));
        worker.add(recording);
    }

    @Override
    public synchronized void release(StreamId stream, GapCause cause) {
        Placed placed = wished.remove(stream);
        if (placed != null) {
            placed.worker().command(() -> {
                placed.worker().remove(placed.recording());
                placed.recording().release(cause, System.nanoTime());
            });
        }
    }

    private Optional<Explanation> whySilent(StreamId stream) {
        for (StreamIngest ingest : ingests) {
            Optional<IngestStatus> status = ingest.status(stream);
            if (status.isPresent() && status.get().cause().isPresent()) {
                return Optional.of(
                        new Explanation(status.get().cause().get(), status.get().detail()));
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<RecordingStatus> status(StreamId stream) {
        return Optional.ofNullable(wished.get(stream))
                .map(placed -> placed.recording().status());
    }

    @Override
    public List<RecordingStatus> statuses() {
        Map<StreamId, RecordingStatus> all = new LinkedHashMap<>();
        wished.forEach((stream, placed) -> all.put(stream, placed.recording().status()));
        return List.copyOf(all.values());
    }

    /**
     * Ends all runs: when only this recorder is replaced, at the next key frame, where its successor begins; when the
     * server stops, at once.
     */
    @Deactivate
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        boolean stopping =
                framework.filter(system -> system.getState() == Bundle.STOPPING).isPresent();
        long deadline = System.nanoTime() + (stopping ? 0 : TimeUnit.MILLISECONDS.toNanos(settings.drainMs()));
        workers.forEach(worker -> worker.close(deadline));
        workers.forEach(worker -> worker.join(JOIN_MS_MAX));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.util.HashMap;
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
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.FootageTerms;
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

/** Keeps one {@link StreamRecording} per wished stream; {@link VolumeWorkers} run them. */
@Component(immediate = true, service = Recorder.class, configurationPid = "org.nxvms.recorder")
@Designate(ocd = RecorderConfig.class)
public final class RingRecorder implements Recorder, AutoCloseable {
    private static final long JOIN_MS_MAX = 15_000;

    private final Surroundings around;
    private final Settings settings;
    private final VolumeWorkers workers;
    private final Map<StreamId, StreamRecording> wished = new ConcurrentHashMap<>();
    private final Map<StreamId, StreamRecording> ending = new HashMap<>();
    private final List<StreamIngest> ingests = new CopyOnWriteArrayList<>();
    private Optional<Bundle> framework = Optional.empty();
    private boolean closed;

    /** See {@link RecorderConfig}. */
    public record Settings(int tickMs, int drainMs) {
        public Settings {
            if (tickMs < 1 || tickMs > 1000 || drainMs < 0 || drainMs > 10_000) {
                throw new IllegalArgumentException(
                        "tickMs must be 1..1000, drainMs 0..10000; they are " + tickMs + ", " + drainMs);
            }
        }
    }

    @Activate
    public RingRecorder(
            @Reference StreamHub hub, @Reference FootageSink sink, BundleContext context, RecorderConfig config) {
        this(
                hub,
                sink,
                new Settings(config.tickMs(), config.drainMs()),
                // Asked at each look at a camera that is recorded on demand, so nothing that must be allocated.
                () -> TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()));
        framework = Optional.ofNullable(context.getBundle(0));
    }

    public RingRecorder(StreamHub hub, FootageSink sink, Settings settings, LongSupplier nowUs) {
        this.around = new Surroundings(sink, ReaderSource.of(hub), this::whySilent, nowUs);
        this.settings = settings;
        this.workers =
                new VolumeWorkers(sink, settings.tickMs(), (old, next) -> wished.replace(old.stream(), old, next));
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
        keep(stream, order.terms());
        StreamRecording known = wished.get(stream);
        if (known != null) {
            known.order(order);
            return;
        }
        if (closed) {
            return;
        }
        StreamRecording recording = new StreamRecording(stream, order, around);
        // What a release left to do comes first, though another thread does it.
        Optional.ofNullable(ending.get(stream)).ifPresent(recording::after);
        wished.put(stream, recording);
        boolean taken = false;
        try {
            taken = workers.add(recording);
        } finally {
            if (taken) {
                ending.remove(stream);
            } else {
                // Whoever wishes it again finds nothing that seems to run.
                wished.remove(stream);
            }
        }
    }

    @Override
    public void keep(StreamId stream, FootageTerms terms) {
        around.sink().wished(stream, terms);
    }

    @Override
    public void release(StreamId stream, GapCause cause) {
        release(stream, cause, "");
    }

    @Override
    public synchronized void release(StreamId stream, GapCause cause, String detail) {
        StreamRecording recording = wished.remove(stream);
        if (recording != null) {
            recording.release(new Explanation(cause, detail));
            ending.values().removeIf(StreamRecording::isOver);
            ending.put(stream, recording);
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
        return Optional.ofNullable(wished.get(stream)).map(StreamRecording::status);
    }

    @Override
    public List<RecordingStatus> statuses() {
        Map<StreamId, RecordingStatus> all = new LinkedHashMap<>();
        wished.forEach((stream, recording) -> all.put(stream, recording.status()));
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
        workers.close(deadline, JOIN_MS_MAX);
    }
}

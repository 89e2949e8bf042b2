// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.ingest.kit.DeviceAddresses;
import org.nxvms.ingest.kit.SharedLogins;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.ingest.StreamProbe;
import org.nxvms.platform.api.network.DeviceNetwork;
import org.nxvms.platform.api.worker.MediaWorker;
import org.nxvms.platform.api.worker.SourceRequest;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service: turns wishes into keepers. Wishes stay while the media worker is away. */
@Component(
        service = StreamIngest.class,
        configurationPid = "org.nxvms.ingest.ffmpeg",
        property = {
            StreamIngest.PROPERTY_SCHEMES + "=http",
            StreamIngest.PROPERTY_SCHEMES + "=https",
            StreamIngest.PROPERTY_SCHEMES + "=rtmp",
            StreamIngest.PROPERTY_SCHEMES + "=rtmps",
            StreamIngest.PROPERTY_SCHEMES + "=srt",
            StreamIngest.PROPERTY_SCHEMES + "=file",
            StreamIngest.PROPERTY_SCHEMES + "=v4l2"
        })
@Designate(ocd = FfmpegIngest.Config.class)
public final class FfmpegIngest implements StreamIngest {
    /** Settings of PID {@code org.nxvms.ingest.ffmpeg}. They apply at once; to sources that are open, when they open again. */
    @ObjectClassDefinition(name = "NXvms FFmpeg ingest", description = "How streams that are no RTSP are fetched")
    public @interface Config {
        @AttributeDefinition(
                name = "Open time-out (ms)",
                description = "How long a source may take until it is open",
                min = "1000",
                max = "60000")
        int openTimeoutMs() default 10_000;

        @AttributeDefinition(
                name = "Stall time-out (ms)",
                description =
                        "A source without a picture for so long is ended and opened again; above a playlist's segments",
                min = "1000",
                max = "60000")
        int stallTimeoutMs() default 15_000;

        @AttributeDefinition(
                name = "First key frame time-out (ms)",
                description = "How long after opening the first key frame may take",
                min = "1000",
                max = "120000")
        int firstKeyTimeoutMs() default 20_000;

        @AttributeDefinition(
                name = "Connects per second",
                description = "Each starts a process",
                min = "1",
                max = "100")
        int connectsPerSecondMax() default 4;

        @AttributeDefinition(
                name = "File folders",
                description = "Absolute folders whose files may be used as cameras; none unless named here")
        String[] fileFolders() default {};

        @AttributeDefinition(
                name = "Addresses denied",
                description = "Hosts of these ranges are not fetched from; the default keeps cloud metadata away")
        String[] addressesDenied() default {"169.254.0.0/16", "fe80::/10", "fd00:ec2::/32"};
    }

    private static final Logger LOG = LoggerFactory.getLogger(FfmpegIngest.class);
    private static final long TICK_MS = 200;
    private static final long STOP_TIMEOUT_MS = 3_000;
    /** For the process's start and the way back, within a probe's time. */
    private static final int PROBE_RESERVE_MS = 1_500;
    /** A machine may stand still for so long. */
    private static final int LATE_MS_MAX = 60_000;

    private final StreamHub hub;
    private final Map<StreamId, StreamKeeper> keepers = new ConcurrentHashMap<>();
    private final Control control;
    private final SharedLogins logins = new SharedLogins();
    /** Control thread: whether a tick is on its way. */
    private boolean ticking;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile MediaWorker worker;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile DeviceNetwork network;

    @Activate
    public FfmpegIngest(@Reference StreamHub hub, Config config) {
        this.hub = hub;
        this.control =
                new Control(Settings.of(config), () -> Optional.ofNullable(worker), new DeviceAddresses(() -> network));
    }

    FfmpegIngest(StreamHub hub, Control control) {
        this.hub = hub;
        this.control = control;
    }

    @Modified
    void modified(Config config) {
        control.settings(Settings.of(config));
    }

    @Deactivate
    synchronized void close() {
        CountDownLatch left = new CountDownLatch(keepers.size());
        for (StreamKeeper keeper : keepers.values()) {
            control.execute(() -> keeper.stop(GapCause.MAINTENANCE, "the FFmpeg engine was stopped", left::countDown));
        }
        keepers.clear();
        try {
            if (!left.await(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("{} sources did not end in time; their processes end with the media worker", left.getCount());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        control.close();
    }

    /** Control thread: ticks as long as there are streams; most servers have none. */
    private void begin() {
        if (!ticking) {
            ticking = true;
            control.after(TICK_MS, this::tick);
        }
    }

    private void tick() {
        ticking = false;
        if (!keepers.isEmpty()) {
            begin();
        }
        long now = System.nanoTime();
        for (StreamKeeper keeper : keepers.values()) {
            try {
                keeper.tick(now);
            } catch (RuntimeException fault) {
                LOG.error("{}: internal fault; it is looked at again in a moment", keeper.status().stream(), fault);
            }
        }
    }

    @Override
    public synchronized void ensure(StreamId stream, StreamEndpoint endpoint) {
        StreamKeeper known = keepers.get(stream);
        if (known == null) {
            keepers.put(stream, new StreamKeeper(control, logins, hub, stream, endpoint));
            control.execute(this::begin);
        } else if (!known.wished().equals(endpoint)) {
            known.wish(endpoint);
            control.execute(known::move);
        }
    }

    @Override
    public synchronized void release(StreamId stream, GapCause cause, String detail) {
        StreamKeeper keeper = keepers.remove(stream);
        if (keeper != null) {
            control.execute(() -> keeper.stop(cause, detail, () -> {}));
        }
    }

    @Override
    public Optional<IngestStatus> status(StreamId stream) {
        return Optional.ofNullable(keepers.get(stream)).map(StreamKeeper::status);
    }

    @Override
    public Optional<DriverException.Kind> trouble(StreamId stream) {
        return Optional.ofNullable(keepers.get(stream)).flatMap(StreamKeeper::trouble);
    }

    @Override
    public List<IngestStatus> statuses() {
        return keepers.values().stream().map(StreamKeeper::status).toList();
    }

    @Override
    public StreamProbe probe(StreamEndpoint endpoint, int timeoutMs) throws DriverException {
        if (timeoutMs < 1_000 || timeoutMs > 30_000) {
            throw new IllegalArgumentException("timeoutMs must be 1000..30000, not " + timeoutMs);
        }
        long deadlineNs = System.nanoTime() + timeoutMs * 1_000_000L;
        int openMs = Math.max(1_000, timeoutMs - PROBE_RESERVE_MS);
        SourceRequest request = cleared(endpoint, openMs);
        return new Probe().run(control, request, Math.max(1, (deadlineNs - System.nanoTime()) / 1_000_000));
    }

    /** Blocks the caller, not the control thread. */
    private SourceRequest cleared(StreamEndpoint endpoint, int timeoutMs) throws DriverException {
        CompletableFuture<SourceRequest> answer = new CompletableFuture<>();
        control.execute(() -> control.clearance().ask(endpoint, timeoutMs, new Clearance.Asker() {
            @Override
            public void granted(SourceRequest request) {
                answer.complete(request);
            }

            @Override
            public void refused(DriverException why) {
                answer.completeExceptionally(why);
            }
        }));
        try {
            return answered(answer, timeoutMs + PROBE_RESERVE_MS);
        } catch (ExecutionException refused) {
            throw refused.getCause() instanceof DriverException why
                    ? new DriverException(why.kind(), why.getMessage(), why)
                    : new DriverException(
                            DriverException.Kind.CONFIG, "internal fault: " + refused.getCause(), refused);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new DriverException(DriverException.Kind.CLOSED, "the probe was interrupted", stop);
        }
    }

    /** The control thread keeps the time; only one that was stopped says nothing, and one that stands still says it late. */
    private SourceRequest answered(CompletableFuture<SourceRequest> answer, int waitMs)
            throws DriverException, ExecutionException, InterruptedException {
        try {
            return answer.get(waitMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            if (!control.isStopped() && waitMs < LATE_MS_MAX) {
                return answered(answer, LATE_MS_MAX);
            }
            throw new DriverException(DriverException.Kind.BUSY, "the FFmpeg engine is being stopped", late);
        }
    }
}

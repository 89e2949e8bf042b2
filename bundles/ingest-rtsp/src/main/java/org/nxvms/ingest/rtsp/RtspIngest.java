// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.ingest.kit.ConnectGate;
import org.nxvms.ingest.kit.DeviceAddresses;
import org.nxvms.ingest.kit.Names;
import org.nxvms.ingest.kit.SharedLogins;
import org.nxvms.media.GapCause;
import org.nxvms.media.LeftSession;
import org.nxvms.media.SessionShelf;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.ingest.StreamProbe;
import org.nxvms.platform.api.network.DeviceNetwork;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
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

/** The service: turns wishes into keepers and spreads them over the selector threads. */
@Component(
        service = StreamIngest.class,
        configurationPid = "org.nxvms.ingest.rtsp",
        property = {StreamIngest.PROPERTY_SCHEMES + "=rtsp", StreamIngest.PROPERTY_SCHEMES + "=rtsps"})
@Designate(ocd = RtspIngest.Config.class)
public final class RtspIngest implements StreamIngest {
    /** Settings of PID {@code org.nxvms.ingest.rtsp}. Limits apply at once, to every session. */
    @ObjectClassDefinition(name = "NXvms RTSP ingest", description = "How RTSP streams are fetched")
    public @interface Config {
        @AttributeDefinition(
                name = "Selector threads",
                description = "One serves about 300 cameras of 4 Mbit/s; a change applies when the engine starts",
                min = "1",
                max = "16")
        int ioThreads() default 1;

        @AttributeDefinition(
                name = "Tick (ms)",
                description =
                        "Time between two looks at the sockets: more saves processor time, less saves delay. A watched"
                                + " camera over TCP is looked at when something comes of it, and so often at most",
                min = "1",
                max = "50")
        int tickMs() default 10;

        @AttributeDefinition(
                name = "Tick of unwatched cameras (ms)",
                description =
                        "The same for cameras over TCP that nobody watches live; not below the other tick. Arrival"
                                + " times, which the camera's own reports correct where it sends some, are as coarse",
                min = "1",
                max = "100")
        int unwatchedTickMs() default 80;

        @AttributeDefinition(name = "Connect time-out (ms)", min = "100", max = "60000")
        int connectTimeoutMs() default 5000;

        @AttributeDefinition(
                name = "Answer time-out (ms)",
                description = "How long a camera may take to answer an RTSP request",
                min = "100",
                max = "60000")
        int answerTimeoutMs() default 5000;

        @AttributeDefinition(
                name = "First key frame time-out (ms)",
                description = "How long after PLAY the first key frame may take; above the camera's key frame interval",
                min = "1000",
                max = "120000")
        int firstKeyTimeoutMs() default 20_000;

        @AttributeDefinition(
                name = "Stall time-out (ms)",
                description = "A session without a picture for so long is ended and begun again",
                min = "1000",
                max = "120000")
        int stallTimeoutMs() default 10_000;

        @AttributeDefinition(
                name = "Key frame time-out (ms)",
                description = "A session without a key frame for so long is ended and begun again; above the longest"
                        + " key frame interval of any camera",
                min = "1000",
                max = "3600000")
        int keyTimeoutMs() default 120_000;

        @AttributeDefinition(
                name = "Reordering (ms)",
                description = "How long a UDP packet waits for those before it until they count as lost",
                min = "0",
                max = "1000")
        int reorderMs() default 100;

        @AttributeDefinition(
                name = "Connects per second",
                description = "Limit over all cameras, so that a returning network is not flooded",
                min = "1",
                max = "1000")
        int connectsPerSecondMax() default 40;

        @AttributeDefinition(
                name = "Wait for key frame after loss",
                description = "After lost packets drop pictures up to the next key frame instead of recording them with"
                        + " faults")
        boolean waitForKeyAfterLoss() default false;
    }

    private static final Logger LOG = LoggerFactory.getLogger(RtspIngest.class);
    private static final long STOP_TIMEOUT_MS = 2000;

    /**
     * How long an engine that goes waits for its sessions.
     *
     * @param pictureNs for the end of a picture: the next one of any camera that is worth waiting for ends sooner
     * @param allMs for all sessions, longer than for one
     */
    record Departure(long pictureNs, long allMs) {
        static final Departure USUAL = new Departure(300_000_000L, 1_000);
    }

    private final StreamHub hub;
    private final SessionShelf shelf;
    private final Departure departure;
    private final OffLoop offLoop;
    private final StreamKeeper.Entry entry = new StreamKeeper.Entry(new ConnectGate(), new SharedLogins());
    private final Map<StreamId, StreamKeeper> keepers = new ConcurrentHashMap<>();
    private final List<IoLoop> loops = new ArrayList<>();
    private final Map<StreamId, IoLoop> places = new ConcurrentHashMap<>();
    private Optional<Bundle> framework = Optional.empty();
    private int next;
    private boolean closed;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile DeviceNetwork network;

    @Activate
    public RtspIngest(@Reference StreamHub hub, @Reference SessionShelf shelf, BundleContext context, Config config) {
        this(hub, shelf, config);
        framework = Optional.ofNullable(context.getBundle(0));
    }

    RtspIngest(StreamHub hub, SessionShelf shelf, Config config) {
        this(hub, shelf, config, new Names("nxvms-ctl-rtsp-names"), Departure.USUAL);
    }

    RtspIngest(StreamHub hub, SessionShelf shelf, Config config, Names names, Departure departure) {
        this.hub = hub;
        this.shelf = shelf;
        this.departure = departure;
        this.offLoop = new OffLoop(names);
        names.rule(new DeviceAddresses(() -> network));
        Settings settings = Settings.of(config);
        for (int i = 0; i < Math.max(1, Math.min(16, config.ioThreads())); i++) {
            IoLoop loop = new IoLoop("nxvms-io-rtsp-" + i, settings);
            loops.add(loop);
            loop.start();
        }
    }

    @Modified
    void modified(Config config) {
        loops.forEach(loop -> loop.settings(Settings.of(config)));
    }

    /**
     * When only this engine goes, its sessions wait for the one that comes in its place; when the server stops, they end, so
     * that no camera counts them against its limit for a minute.
     */
    @Deactivate
    synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean stopping =
                framework.filter(system -> system.getState() == Bundle.STOPPING).isPresent();
        if (!stopping) {
            leaveSessions();
        }
        List.copyOf(keepers.keySet())
                .forEach(stream -> release(stream, GapCause.MAINTENANCE, "the RTSP engine was stopped"));
        loops.forEach(loop -> loop.stop(STOP_TIMEOUT_MS));
        offLoop.close();
    }

    private void leaveSessions() {
        CountDownLatch left = new CountDownLatch(keepers.size());
        keepers.forEach((stream, keeper) ->
                places.get(stream).execute(() -> keeper.leave(shelf, departure.pictureNs(), left::countDown)));
        try {
            if (!left.await(departure.allMs(), TimeUnit.MILLISECONDS)) {
                LOG.warn("{} sessions could not be left in time; they end", left.getCount());
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void ensure(StreamId stream, StreamEndpoint endpoint) {
        if (closed) {
            return;
        }
        StreamKeeper known = keepers.get(stream);
        if (known == null) {
            IoLoop loop = loops.get(next++ % loops.size());
            StreamKeeper keeper = new StreamKeeper(loop, offLoop, entry, hub, new StreamKeeper.Wish(stream, endpoint));
            keepers.put(stream, keeper);
            places.put(stream, loop);
            Optional<LeftSession> left = shelf.take(stream);
            loop.execute(() -> left.ifPresentOrElse(keeper::start, keeper::start));
        } else if (!known.wished().equals(endpoint)) {
            known.wish(endpoint);
            places.get(stream).execute(known::move);
        }
    }

    @Override
    public synchronized void release(StreamId stream, GapCause cause, String detail) {
        StreamKeeper keeper = keepers.remove(stream);
        if (keeper != null) {
            places.remove(stream).execute(() -> keeper.stop(cause, detail));
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
        return new Probe(loops.get(0), offLoop, endpoint, timeoutMs).run();
    }
}

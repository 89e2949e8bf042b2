// SPDX-License-Identifier: Apache-2.0
package org.nxvms.transcode;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.rendition.RenditionRefusedException;
import org.nxvms.platform.api.rendition.RenditionStatus;
import org.nxvms.platform.api.rendition.Renditions;
import org.nxvms.platform.api.worker.EncoderPlaces;
import org.nxvms.platform.api.worker.Transcoder;
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

/** The service: its settings, its clock, its health. */
@Component(
        service = {Renditions.class, HealthCheck.class, EncoderPlaces.class},
        configurationPid = "org.nxvms.transcode")
@Designate(ocd = TranscodeService.Config.class)
public final class TranscodeService implements Renditions, HealthCheck, EncoderPlaces {
    /** Settings of PID {@code org.nxvms.transcode}. They apply at once; to encodings that run, when they begin anew. */
    @ObjectClassDefinition(
            name = "NXvms transcoding",
            description = "Streams that are encoded anew while somebody watches, as stream=main~480p")
    public @interface Config {
        @AttributeDefinition(
                name = "Encodings",
                description =
                        "At most so many at once; each takes a core at most, of what others leave. 0 means half of"
                                + " the machine's cores. 0..64",
                min = "0",
                max = "64")
        int encodingsMax() default 0;

        @AttributeDefinition(
                name = "Waiting",
                description = "So many more wait until another ends; beyond, viewers are refused. 0..64",
                min = "0",
                max = "64")
        int waitingMax() default 4;

        @AttributeDefinition(
                name = "Encodings of a user",
                description =
                        "At most so many, running and waiting, are there for one user, who has begun to watch them."
                                + " 0 means three quarters of what may run and wait. 0..128",
                min = "0",
                max = "128")
        int encodingsPerUserMax() default 0;

        @AttributeDefinition(
                name = "Linger (s)",
                description = "An encoding ends so long after its last viewer. 1..300",
                min = "1",
                max = "300")
        int lingerSeconds() default 5;

        @AttributeDefinition(
                name = "Key frames (s)",
                description =
                        "A key frame at least so often: less begins sooner, and looks worse with the same bits. 1..10",
                min = "1",
                max = "10")
        int keySeconds() default 2;
    }

    private static final Logger LOG = LoggerFactory.getLogger(TranscodeService.class);
    private static final long TICK_MS = 500;
    private static final int AWAIT_MS_MAX = 15_000;
    private static final int RETRY_AFTER_SECONDS = 5;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "nxvms-transcode");
        thread.setDaemon(true);
        return thread;
    });
    private final Encodings encodings;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile StreamHub hub;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Transcoder transcoder;

    @Activate
    public TranscodeService(Config config) {
        encodings = new Encodings(() -> hub, () -> transcoder, Limits.of(config), () -> System.nanoTime() / 1_000_000);
        clock.scheduleWithFixedDelay(this::tick, 0, TICK_MS, TimeUnit.MILLISECONDS);
    }

    @Modified
    void modified(Config config) {
        encodings.limit(Limits.of(config));
    }

    @Deactivate
    void close() {
        clock.shutdown();
        encodings.close();
    }

    private void tick() {
        try {
            encodings.tick();
        } catch (RuntimeException fault) {
            LOG.error("Encodings were not looked after; it goes on in a moment", fault);
        }
    }

    @Override
    public void open(StreamId stream) throws RenditionRefusedException {
        encodings.open(stream, Optional.empty());
    }

    @Override
    public void open(StreamId stream, UUID userId) throws RenditionRefusedException {
        encodings.open(stream, Optional.of(userId));
    }

    @Override
    public StreamFormat await(StreamId stream, int timeoutMs) throws RenditionRefusedException {
        return await(stream, Optional.empty(), timeoutMs);
    }

    @Override
    public StreamFormat await(StreamId stream, UUID userId, int timeoutMs) throws RenditionRefusedException {
        return await(stream, Optional.of(userId), timeoutMs);
    }

    private StreamFormat await(StreamId stream, Optional<UUID> user, int timeoutMs) throws RenditionRefusedException {
        if (timeoutMs < 1 || timeoutMs > AWAIT_MS_MAX) {
            throw new IllegalArgumentException("timeoutMs must be 1.." + AWAIT_MS_MAX + ", not " + timeoutMs);
        }
        try (Encodings.Joined joined = encodings.join(stream, user)) {
            return joined.format().get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException none) {
            throw new RenditionRefusedException(late(stream), RETRY_AFTER_SECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new RenditionRefusedException("The server stops.", RETRY_AFTER_SECONDS);
        }
    }

    private String late(StreamId stream) {
        String why = statuses().stream()
                .filter(status -> status.stream().equals(stream))
                .map(RenditionStatus::detail)
                .filter(detail -> !detail.isEmpty())
                .findFirst()
                .orElse("the camera, or the encoder, has not begun");
        return "There is no picture of the stream " + stream.name() + " yet: " + why
                + ". Try again, or watch the stream as" + " the camera sends it.";
    }

    @Override
    public Place ask() {
        return encodings.places().ask();
    }

    @Override
    public List<RenditionStatus> statuses() {
        return encodings.statuses();
    }

    @Override
    public String name() {
        return "transcode";
    }

    @Override
    public boolean requiredForReadiness() {
        return false;
    }

    @Override
    public Result check() {
        List<RenditionStatus> all = statuses();
        long waiting = all.stream()
                .filter(status -> status.state() == RenditionStatus.State.WAITING)
                .count();
        Map<String, Object> figures = Map.of("encodings", all.size() - waiting, "waiting", waiting);
        Optional<RenditionStatus> lost = all.stream()
                .filter(status -> status.state() == RenditionStatus.State.RESTING)
                .findFirst();
        return lost.map(status -> new Result(
                                Status.DEGRADED,
                                "The stream " + status.stream() + " cannot be encoded anew: " + status.detail()
                                        + ". It is tried again; watch it as the camera sends it meanwhile.",
                                figures)
                        .found(
                                "transcode_failed",
                                Map.of("stream", status.stream().toString())))
                .orElseGet(() -> new Result(Status.UP, "", figures));
    }
}

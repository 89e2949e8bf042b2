// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.nxvms.cameras.recording.Plan;
import org.nxvms.cameras.recording.RecordingPlans;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.recording.Recorder;
import org.nxvms.platform.api.recording.RecordingStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says to ingest and recorder what a camera's configuration asks. Saying the same again changes
 * nothing there, so it is said whenever something may have changed. Control thread only.
 */
final class Wishes {
    private static final Logger LOG = LoggerFactory.getLogger(Wishes.class);
    /** What was recorded keeps the days that it was recorded with. */
    private static final FootageTerms NO_COPY = FootageTerms.days(FootageTerms.RETENTION_DAYS_MAX);

    private static final String REMOVED = "The camera was removed.";
    /** The recorder needs less to read what a stream's ring still holds. */
    private static final int FORGET_MS = 10_000;

    private final ControlLoop loop;
    private final IngestRouter ingests;
    private final Supplier<Recorder> recorder;
    private final Supplier<StreamHub> hub;
    private final Function<UUID, Optional<Supervised>> cameras;
    private final RecordingPlans plans;

    Wishes(
            ControlLoop loop,
            IngestRouter ingests,
            Supplier<Recorder> recorder,
            Supplier<StreamHub> hub,
            Function<UUID, Optional<Supervised>> cameras,
            RecordingPlans plans) {
        this.plans = plans;
        this.loop = loop;
        this.ingests = ingests;
        this.recorder = recorder;
        this.hub = hub;
        this.cameras = cameras;
    }

    StreamId stream(Supervised camera, StreamRole role) {
        return new StreamId(camera.id, role);
    }

    /** {@return whether pictures come from a stream now} */
    boolean arrives(Supervised camera, StreamRole role) {
        return ingests.status(stream(camera, role))
                .filter(status -> status.state() == IngestStatus.State.STREAMING)
                .isPresent();
    }

    /** Brings ingest and recorder in line with a camera's configuration and known streams. */
    void settle(Supervised camera) {
        keep(camera);
        if (!camera.camera().enabled()) {
            stop(camera.id, "The camera is switched off.");
            return;
        }
        for (StreamRole role : StreamRole.values()) {
            StreamId stream = stream(camera, role);
            Optional<StreamOffer> offer = camera.offer(role);
            // Recorder first, so that it is there for the first picture.
            record(camera, stream, offer.isPresent());
            if (offer.isPresent()) {
                if (!camera.yields(role)) {
                    fetch(stream, offer.get().endpoint());
                }
            } else if (!camera.known.isEmpty()) {
                // A recorded stream is still wished for: its time without pictures is the device's doing.
                boolean recorded = camera.camera().recording().records(role);
                ingests.release(
                        stream,
                        recorded ? GapCause.UNSUPPORTED : GapCause.NOT_SCHEDULED,
                        "The device does not offer this stream any more.");
            }
        }
    }

    /** Also of a camera that is not recorded: what was recorded before is copied all the same. */
    private void keep(Supervised camera) {
        Recorder now = recorder.get();
        if (now != null) {
            RecordingSettings settings = camera.camera().recording();
            for (StreamRole role : StreamRole.values()) {
                StreamId stream = stream(camera, role);
                boolean wanted =
                        settings.streams().contains(role) || now.status(stream).isPresent();
                now.keep(stream, wanted ? settings.terms() : NO_COPY);
            }
        }
    }

    /** Tells the recorder when what it shall do with a camera's streams is another than before. */
    void replan(Supervised camera) {
        if (camera.camera().enabled()) {
            for (StreamRole role : StreamRole.values()) {
                if (!plans.plan(camera.camera(), role).equals(camera.plan(role))) {
                    record(camera, stream(camera, role), camera.offer(role).isPresent());
                }
            }
        }
    }

    private void fetch(StreamId stream, StreamEndpoint endpoint) {
        Optional<StreamIngest> ingest = ingests.forUri(endpoint.uri());
        if (ingest.isPresent()) {
            ingests.releaseOthers(
                    stream, ingest.get(), GapCause.STREAM_STALLED, "The stream moved to another kind of address.");
            ingest.get().ensure(stream, endpoint);
        }
    }

    private void record(Supervised camera, StreamId stream, boolean offered) {
        Recorder now = recorder.get();
        if (now == null) {
            return;
        }
        Plan plan = plans.plan(camera.camera(), stream.role());
        camera.plan(stream.role(), plan);
        if (plan.order().isEmpty()) {
            stopRecording(now, stream, "The stream is not to be recorded.");
        } else if (offered
                || stream.role() == StreamRole.MAIN
                || now.status(stream).isPresent()) {
            // Also before the first contact, and when the device stops offering the stream: the time without a
            // picture becomes a gap with its cause.
            now.ensure(stream, plan.order().get());
        }
    }

    private static void stopRecording(Recorder recorder, StreamId stream, String why) {
        if (recorder.status(stream).isPresent()) {
            recorder.release(stream, GapCause.NOT_SCHEDULED, why);
        }
    }

    /** Takes back everything wished for a camera. */
    void stop(UUID camera, String why) {
        for (StreamRole role : StreamRole.values()) {
            stop(new StreamId(camera, role), why);
        }
    }

    private void stop(StreamId stream, String why) {
        ingests.release(stream, GapCause.NOT_SCHEDULED, why);
        Recorder now = recorder.get();
        if (now != null) {
            stopRecording(now, stream, why);
        }
    }

    /** Takes back everything wished for a camera that is removed, and lets the hub forget its streams. */
    void forget(UUID camera) {
        stop(camera, REMOVED);
        Recorder now = recorder.get();
        for (StreamRole role : StreamRole.values()) {
            if (now != null) {
                now.keep(new StreamId(camera, role), NO_COPY);
            }
            forgetLater(new StreamId(camera, role));
        }
    }

    /** Takes back what is wished for cameras nobody knows: removed while this bundle did not run. */
    void releaseStrays() {
        for (StreamIngest ingest : ingests.all()) {
            for (IngestStatus status : ingest.statuses()) {
                stopStray(status.stream());
            }
        }
        Recorder now = recorder.get();
        if (now != null) {
            for (RecordingStatus status : now.statuses()) {
                stopStray(status.stream());
            }
        }
    }

    private void stopStray(StreamId stream) {
        if (cameras.apply(stream.cameraId()).isEmpty()) {
            LOG.info("The stream {} belongs to no camera and is ended", stream);
            stop(stream, REMOVED);
            forgetLater(stream);
        }
    }

    /** Later: the recorder reads the tail of the stream first. */
    private void forgetLater(StreamId stream) {
        loop.postAfter(FORGET_MS, () -> {
            StreamHub now = hub.get();
            if (now != null && cameras.apply(stream.cameraId()).isEmpty()) {
                now.remove(stream);
            }
        });
    }
}

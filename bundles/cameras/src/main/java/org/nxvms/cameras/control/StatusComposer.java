// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.nxvms.cameras.drivers.DriverShelf;
import org.nxvms.cameras.recording.Plan;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.media.StreamStatistics;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.camera.CameraStatus.State;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.platform.api.recording.Recorder;
import org.nxvms.platform.api.recording.RecordingStatus;

/** Puts together what ingest, recorder and hub know of a camera. Any thread, from memory. */
final class StatusComposer {
    /** A state with its reason. */
    private record Finding(State state, Optional<GapCause> cause, String detail) {
        static Finding good(State state) {
            return new Finding(state, Optional.empty(), "");
        }

        static Finding bad(State state, GapCause cause, String detail) {
            return new Finding(state, Optional.of(cause), Sentences.of(detail));
        }
    }

    /** Worst first: what someone must act on, then what heals itself, then what works. */
    private static final List<State> WORST_FIRST = List.of(
            State.UNAUTHORIZED,
            State.UNSUPPORTED,
            State.OFFLINE,
            State.NOT_RECORDING,
            State.CONNECTING,
            State.LIVE,
            State.RECORDING,
            State.DISABLED);

    private final ControlLoop loop;
    private final IngestRouter ingests;
    private final RateMeter rates;
    private final DriverShelf shelf;
    private final Supplier<Recorder> recorder;
    private final Supplier<StreamHub> hub;

    StatusComposer(
            ControlLoop loop,
            IngestRouter ingests,
            RateMeter rates,
            DriverShelf shelf,
            Supplier<Recorder> recorder,
            Supplier<StreamHub> hub) {
        this.loop = loop;
        this.ingests = ingests;
        this.rates = rates;
        this.shelf = shelf;
        this.recorder = recorder;
        this.hub = hub;
    }

    CameraStatus compose(Supervised supervised) {
        boolean driverPresent = driverPresent(supervised);
        Map<StreamRole, Finding> found = streams(supervised);
        List<CameraStatus.Stream> streams = new ArrayList<>(2);
        found.forEach((role, finding) -> streams.add(stream(supervised, role, finding)));
        Finding finding = finding(supervised, found, driverPresent);
        Instant since = supervised.since(finding.state(), loop.now());
        return new CameraStatus(
                finding.state(),
                finding.cause(),
                finding.detail(),
                since,
                driverPresent,
                streams,
                supervised.facts.filter(facts -> driverPresent));
    }

    /** Takes note of the state, so that it is known since when a camera is in it though nobody asks. */
    void look(Supervised supervised) {
        Finding finding = finding(supervised, streams(supervised), driverPresent(supervised));
        supervised.since(finding.state(), loop.now());
    }

    private boolean driverPresent(Supervised supervised) {
        return shelf.serving(supervised.camera().driver()).isPresent();
    }

    /** {@return of each stream that the camera offers or should} */
    private Map<StreamRole, Finding> streams(Supervised supervised) {
        Camera camera = supervised.camera();
        Map<StreamRole, Finding> found = new EnumMap<>(StreamRole.class);
        for (StreamRole role : StreamRole.values()) {
            Optional<StreamOffer> offer = supervised.offer(role);
            boolean missed = !supervised.known.isEmpty() && camera.recording().records(role);
            if (offer.isPresent() || missed) {
                found.put(role, camera.enabled() ? finding(supervised, role, offer) : Finding.good(State.DISABLED));
            }
        }
        return found;
    }

    private static Finding finding(Supervised supervised, Map<StreamRole, Finding> streams, boolean driverPresent) {
        Camera camera = supervised.camera();
        return camera.enabled()
                ? worst(camera, streams).orElseGet(() -> contact(supervised, driverPresent))
                : Finding.good(State.DISABLED);
    }

    /** Between the transaction and the control thread's first look at a camera. */
    CameraStatus starting(Camera camera) {
        return new CameraStatus(
                camera.enabled() ? State.CONNECTING : State.DISABLED,
                Optional.empty(),
                "",
                camera.updated(),
                shelf.serving(camera.driver()).isPresent(),
                List.of());
    }

    /** The worst of the recorded streams; of all where none is recorded. */
    private static Optional<Finding> worst(Camera camera, Map<StreamRole, Finding> streams) {
        List<Finding> matter = streams.entrySet().stream()
                .filter(stream -> camera.recording().records(stream.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        // A stream that waits for its time says nothing about a camera whose other stream is recorded.
        if (matter.stream().anyMatch(stream -> stream.state() == State.RECORDING)) {
            matter = matter.stream()
                    .filter(stream -> stream.state() != State.LIVE)
                    .toList();
        }
        return (matter.isEmpty() ? streams.values() : matter)
                .stream().min(Comparator.comparingInt(stream -> WORST_FIRST.indexOf(stream.state())));
    }

    private CameraStatus.Stream stream(Supervised supervised, StreamRole role, Finding finding) {
        StreamId id = new StreamId(supervised.id, role);
        Optional<IngestStatus> ingest = ingests.status(id);
        StreamHub hubNow = hub.get();
        Optional<StreamStatistics> statistics = hubNow == null ? Optional.empty() : hubNow.statistics(id);
        Optional<StreamFormat> format =
                ingest.flatMap(IngestStatus::format).or(() -> statistics.flatMap(StreamStatistics::format));
        boolean arrives =
                ingest.filter(s -> s.state() == IngestStatus.State.STREAMING).isPresent();
        RateMeter.Rate rate = arrives ? rates.rate(id) : RateMeter.Rate.NONE;
        return new CameraStatus.Stream(
                role,
                supervised.offer(role).map(StreamOffer::name).orElse(role.id()),
                finding.state(),
                finding.cause(),
                finding.detail(),
                format,
                rate.bitrateBps(),
                rate.framesPerSecond(),
                statistics
                        .filter(s -> s.lastCommitUs() > 0)
                        .map(s -> Instant.EPOCH.plusNanos(Math.multiplyExact(s.lastCommitUs(), 1_000L))),
                ingest.flatMap(IngestStatus::link));
    }

    private Finding finding(Supervised supervised, StreamRole role, Optional<StreamOffer> offer) {
        StreamId id = new StreamId(supervised.id, role);
        Optional<IngestStatus> ingest = ingests.status(id);
        if (offer.isEmpty()) {
            return Finding.bad(
                    State.UNSUPPORTED,
                    GapCause.UNSUPPORTED,
                    "The " + role.id() + " stream shall be recorded, but the device offers none: give it a " + role.id()
                            + " address or take the stream out of the recording settings.");
        }
        if (supervised.yields(role)) {
            return Finding.bad(State.OFFLINE, GapCause.CAMERA_UNREACHABLE, ScarcePlaces.WHY);
        }
        if (ingest.isEmpty()) {
            String scheme = offer.get().endpoint().uri().getScheme();
            return ingests.forUri(offer.get().endpoint().uri()).isPresent()
                    ? Finding.good(State.CONNECTING)
                    : Finding.bad(
                            State.OFFLINE,
                            GapCause.MAINTENANCE,
                            "No ingest for " + scheme + " addresses runs on this server at the moment.");
        }
        IngestStatus status = ingest.get();
        if (status.state() == IngestStatus.State.STREAMING) {
            return streaming(supervised, id);
        }
        if (status.cause().isEmpty()) {
            return Finding.good(State.CONNECTING);
        }
        return Finding.bad(state(status.cause().get()), status.cause().get(), status.detail());
    }

    private Finding streaming(Supervised supervised, StreamId id) {
        Plan plan = supervised.plan(id.role());
        boolean recorded = supervised.camera().recording().records(id.role());
        if (plan.order().isPresent() && plan.idle().isEmpty() || recorded && recorder.get() == null) {
            Finding finding = recording(id);
            return finding.cause().filter(StatusComposer::isWaiting).isPresent()
                    ? waiting(finding.cause().get())
                    : finding;
        }
        return recorded ? waiting(plan.idle().orElse(GapCause.NOT_SCHEDULED)) : Finding.good(State.LIVE);
    }

    private static boolean isWaiting(GapCause cause) {
        return cause == GapCause.NO_EVENT || cause == GapCause.NOT_SCHEDULED;
    }

    /** As configured: nothing is wrong. */
    private static Finding waiting(GapCause cause) {
        return Finding.bad(
                State.LIVE,
                cause,
                cause == GapCause.NO_EVENT
                        ? "Recording begins with the next event."
                        : "Neither the schedule nor anybody asks for footage now.");
    }

    private Finding recording(StreamId id) {
        Recorder now = recorder.get();
        if (now == null) {
            return Finding.bad(
                    State.NOT_RECORDING, GapCause.UNKNOWN, "The recorder does not run on this server at the moment.");
        }
        Optional<RecordingStatus> status = now.status(id);
        if (status.isEmpty()) {
            return Finding.bad(State.NOT_RECORDING, GapCause.UNKNOWN, "The recorder begins in a moment.");
        }
        return status.get().recording()
                ? Finding.good(State.RECORDING)
                : new Finding(
                        State.NOT_RECORDING,
                        status.get().cause(),
                        Sentences.of(status.get().detail()));
    }

    /** What the last contact says, while no stream is known. */
    private static Finding contact(Supervised supervised, boolean driverPresent) {
        Supervised.Trouble trouble = supervised.trouble;
        if (!driverPresent) {
            return Finding.bad(
                    State.UNSUPPORTED,
                    GapCause.UNSUPPORTED,
                    "The driver " + supervised.camera().driver()
                            + " is not installed and no stream is known yet; install the driver or choose another.");
        }
        if (trouble == null) {
            return Finding.good(State.CONNECTING);
        }
        GapCause cause = cause(trouble.kind());
        return Finding.bad(state(cause), cause, trouble.message());
    }

    private static State state(GapCause cause) {
        return switch (cause) {
            case AUTH -> State.UNAUTHORIZED;
            case UNSUPPORTED -> State.UNSUPPORTED;
            default -> State.OFFLINE;
        };
    }

    static GapCause cause(DriverException.Kind kind) {
        return switch (kind) {
            case AUTH -> GapCause.AUTH;
            case UNSUPPORTED, CONFIG -> GapCause.UNSUPPORTED;
            default -> GapCause.CAMERA_UNREACHABLE;
        };
    }
}

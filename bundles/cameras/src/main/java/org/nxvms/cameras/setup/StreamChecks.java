// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.setup;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;
import org.nxvms.media.TrackFormat;
import org.nxvms.platform.api.camera.CameraReport.Check;
import org.nxvms.platform.api.camera.CameraReport.State;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.ingest.StreamProbe;

/** Opens the streams of a device at once, each up to its first key frame, beside what the server receives of it already. */
final class StreamChecks implements AutoCloseable {
    static final String MAIN = "main_stream";
    static final String SUB = "sub_stream";
    static final String AUDIO = "audio";
    private static final String MORE_PLACES =
            "What is recorded comes first, and walls show that. Let the camera serve more"
                    + " streams at once, or end other programs' sessions.";
    private static final String NO_PICTURE =
            "It was opened, but no picture came in time. Check the encoder's settings.";

    private final Deadline deadline;
    private final Function<URI, Optional<StreamIngest>> ingests;
    private final Map<StreamOffer, Future<StreamProbe>> probes = new LinkedHashMap<>();
    /** Whether the device did not serve all its streams at once. */
    private boolean crowded;

    private final Map<StreamRole, StreamProbe> seen = new LinkedHashMap<>();

    /** @param ingests of an address */
    StreamChecks(List<StreamOffer> offers, Function<URI, Optional<StreamIngest>> ingests, Deadline deadline)
            throws DriverException {
        this.deadline = deadline;
        this.ingests = ingests;
        for (StreamOffer offer : offers) {
            probes.put(offer, probe(offer));
        }
    }

    private Future<StreamProbe> probe(StreamOffer offer) throws DriverException {
        StreamIngest ingest = ingests.apply(offer.endpoint().uri())
                .orElseThrow(() -> new DriverException(
                        Kind.UNSUPPORTED,
                        "No ingest for " + offer.endpoint().uri().getScheme()
                                + " addresses runs on this server at the moment."));
        int timeoutMs = Math.max(1_000, deadline.leftMs() - 300);
        return deadline.submit(() -> ingest.probe(offer.endpoint(), timeoutMs));
    }

    /** A device with one place may have given it to the other stream: the main stream is tried again when that has left. */
    private StreamProbe mainProbe(StreamOffer offer) throws DriverException {
        try {
            return deadline.await(probes.get(offer), NO_PICTURE);
        } catch (DriverException e) {
            if (e.kind() != Kind.BUSY || probes.size() == 1) {
                throw e;
            }
        }
        for (Map.Entry<StreamOffer, Future<StreamProbe>> other : probes.entrySet()) {
            if (other.getKey() != offer) {
                try {
                    deadline.await(other.getValue(), NO_PICTURE);
                } catch (DriverException looked) {
                    // It is over; what came of it is said when its turn comes.
                }
            }
        }
        crowded = true;
        return deadline.await(probe(offer), NO_PICTURE);
    }

    /** @throws DriverException when the main stream brings no picture */
    List<Check> checks(boolean mainMayFail) throws DriverException {
        List<Check> checks = new ArrayList<>();
        for (Map.Entry<StreamOffer, Future<StreamProbe>> one : probes.entrySet()) {
            StreamOffer offer = one.getKey();
            boolean main = offer.role() == StreamRole.MAIN;
            String name = main ? MAIN : SUB;
            try {
                StreamProbe probe = main ? mainProbe(offer) : deadline.await(one.getValue(), NO_PICTURE);
                seen.put(offer.role(), probe);
                checks.add(
                        !main && crowded
                                ? new Check(
                                        name,
                                        State.LIMITED,
                                        "It works, but not beside the main stream. " + describe(offer, probe),
                                        MORE_PLACES)
                                : Check.works(name, describe(offer, probe)));
            } catch (DriverException e) {
                if (main && !mainMayFail) {
                    throw e;
                }
                checks.add(
                        new Check(
                                name,
                                State.FAILS,
                                e.getMessage(),
                                main
                                        ? "Nothing can be recorded until it works; look at the camera's encoder and network."
                                        : e.kind() == Kind.BUSY
                                                ? MORE_PLACES
                                                : "Walls show the main stream meanwhile. Look at the camera's second profile."));
            }
        }
        if (probes.keySet().stream().noneMatch(offer -> offer.role() == StreamRole.SUB)) {
            checks.add(new Check(
                    SUB,
                    State.ABSENT,
                    "The camera offers no smaller stream of the same picture.",
                    "Set up a second profile in the camera: walls with many cameras show it, and take less of network and"
                            + " browsers."));
        }
        audio().ifPresent(checks::add);
        return checks;
    }

    private static String describe(StreamOffer offer, StreamProbe probe) {
        Optional<TrackFormat> video = probe.format().video();
        return (offer.name().isEmpty() ? "" : "\"" + offer.name() + "\": ")
                + video.map(track -> track.width() + "x" + track.height() + ", ")
                        .orElse("")
                + probe.format().codecs()
                + video.filter(track -> track.frameRate() > 0)
                        .map(track -> ", " + Math.round(track.frameRate()) + " pictures a second")
                        .orElse("")
                + "; the first after " + probe.firstKeyFrameMs() + " ms.";
    }

    private Optional<Check> audio() {
        return Optional.ofNullable(seen.get(StreamRole.MAIN)).map(main -> main.format().tracks().stream()
                .filter(TrackFormat::isAudio)
                .findFirst()
                .map(track -> Check.works(AUDIO, "The main stream carries sound, " + track.codecString() + "."))
                .orElse(new Check(AUDIO, State.ABSENT, "The main stream carries no sound.", "")));
    }

    @Override
    public void close() {
        probes.values().forEach(probe -> probe.cancel(true));
    }
}

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

    private final Deadline deadline;
    private final Map<StreamOffer, Future<StreamProbe>> probes = new LinkedHashMap<>();
    private final Map<StreamRole, StreamProbe> seen = new LinkedHashMap<>();

    /** @param ingests of an address */
    StreamChecks(List<StreamOffer> offers, Function<URI, Optional<StreamIngest>> ingests, Deadline deadline)
            throws DriverException {
        this.deadline = deadline;
        for (StreamOffer offer : offers) {
            StreamIngest ingest = ingests.apply(offer.endpoint().uri())
                    .orElseThrow(() -> new DriverException(
                            Kind.UNSUPPORTED,
                            "No ingest for " + offer.endpoint().uri().getScheme()
                                    + " addresses runs on this server at the moment."));
            int timeoutMs = Math.max(1_000, deadline.leftMs() - 300);
            probes.put(offer, deadline.submit(() -> ingest.probe(offer.endpoint(), timeoutMs)));
        }
    }

    /** @throws DriverException when the main stream brings no picture */
    List<Check> checks(boolean mainMayFail) throws DriverException {
        List<Check> checks = new ArrayList<>();
        for (Map.Entry<StreamOffer, Future<StreamProbe>> one : probes.entrySet()) {
            StreamOffer offer = one.getKey();
            boolean main = offer.role() == StreamRole.MAIN;
            String name = main ? MAIN : SUB;
            try {
                StreamProbe probe = deadline.await(
                        one.getValue(), "It was opened, but no picture came in time. Check the encoder's settings.");
                seen.put(offer.role(), probe);
                checks.add(Check.works(name, describe(offer, probe)));
            } catch (DriverException e) {
                if (main && !mainMayFail) {
                    throw e;
                }
                checks.add(new Check(
                        name,
                        State.FAILS,
                        e.getMessage(),
                        main
                                ? "Nothing can be recorded until it works; look at the camera's encoder and network."
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

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultSet;
import org.nxvms.simulator.rtp.PacketTrack;
import org.nxvms.simulator.rtp.TrackFormat;

/**
 * The recordings of a camera over one connection, as ONVIF has them played (Streaming Specification 6): absolute times,
 * {@code Rate-Control}, over TCP only, pictures and sound of the main stream. Farm's thread only.
 */
final class Replay {
    private static final String PATH = "/replay/";
    private static final String FEATURE = "onvif-replay";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Camera camera;
    private final Connection connection;
    private final FarmLoop loop;
    private String session = "";
    private String recording = "";
    private ReplaySender sender;

    Replay(Camera camera, Connection connection, FarmLoop loop) {
        this.camera = camera;
        this.connection = connection;
        this.loop = loop;
    }

    /** {@return where a recording is played} */
    static String path(String recording) {
        return PATH + recording;
    }

    static boolean isAbout(RtspRequest request) {
        return request.path().startsWith(PATH);
    }

    boolean hasSession() {
        return sender != null;
    }

    long pump(long now) throws IOException {
        return sender == null ? Long.MAX_VALUE : sender.pump(now);
    }

    RtspResponse answer(RtspRequest request, FaultSet faults) throws IOException {
        String name = StreamAddress.streamPath(request.path()).substring(PATH.length());
        RecordedFootage.Span span = camera.recorded().find(name).orElse(null);
        if (span == null || faults.has(FaultKind.NOT_FOUND)) {
            return new RtspResponse(404, "Not Found", request, faults);
        }
        String required = request.header("require").orElse(FEATURE);
        if (!required.equals(FEATURE)) {
            return new RtspResponse(551, "Option not supported", request, faults).header("Unsupported", required);
        }
        return switch (request.method()) {
            case "DESCRIBE" -> describe(request, faults, name, span);
            case "SETUP" -> setup(request, faults, name);
            default -> isOurs(request, name) ? control(request, faults, span) : noSession(request, faults);
        };
    }

    private RtspResponse describe(RtspRequest request, FaultSet faults, String name, RecordedFootage.Span span) {
        String base = request.base(camera.baseUri());
        StreamAddress stream = new StreamAddress(Camera.Role.MAIN, path(name), "");
        List<TrackFormat> formats =
                camera.recordedTracks().stream().map(PacketTrack::format).toList();
        String sdp = Sdp.describe("Recording " + name, base, stream, formats, faults)
                .replace(
                        "a=range:npt=now-",
                        "a=range:clock=" + ClockRange.text(span.from()) + "-"
                                + span.to().map(ClockRange::text).orElse(""))
                .replace("a=control:trackID=0\r\n", "a=control:trackID=0\r\na=x-onvif-track:VIDEO001\r\n")
                .replace("a=control:trackID=1\r\n", "a=control:trackID=1\r\na=x-onvif-track:AUDIO001\r\n");
        return new RtspResponse(200, "OK", request, faults)
                .header("Content-Base", base + stream.path() + "/")
                .body("application/sdp", sdp);
    }

    private RtspResponse setup(RtspRequest request, FaultSet faults, String name) throws IOException {
        int number = trackOf(request);
        if (number >= camera.recordedTracks().size()) {
            return new RtspResponse(404, "Not Found", request, faults);
        }
        if (sender != null && (!isOurs(request, name) || sender.has(number))) {
            return new RtspResponse(455, "Method Not Valid in This State", request, faults);
        }
        boolean full = faults.has(FaultKind.BUSY)
                || faults.has(FaultKind.SESSION_LIMIT)
                        && camera.port().sessions() >= faults.value(FaultKind.SESSION_LIMIT);
        if (sender == null && full) {
            return new RtspResponse(453, "Not Enough Bandwidth", request, faults);
        }
        Transport transport = Transport.choose(
                request.header("transport").orElse(""),
                faults,
                connection.remote().getAddress(),
                Transport.group(camera.address(), Camera.Role.MAIN));
        if (transport == null || transport.isUdp()) {
            return new RtspResponse(461, "Unsupported Transport", request, faults);
        }
        if (sender == null) {
            session = String.format(Locale.ROOT, "%016X", RANDOM.nextLong());
            recording = name;
            sender = new ReplaySender(camera, connection, loop);
        }
        int ssrc = RANDOM.nextInt();
        sender.add(number, transport.channel(), ssrc);
        return withSession(new RtspResponse(200, "OK", request, faults))
                .header("Transport", transport.answer(loop, number, ssrc, faults.has(FaultKind.ODD_HEADERS)));
    }

    /** {@return the number of the track that a request names; that of the pictures when it names none} */
    private static int trackOf(RtspRequest request) {
        String path = request.path();
        int at = path.lastIndexOf(StreamAddress.TRACK);
        String number = at < 0 ? "0" : path.substring(at + StreamAddress.TRACK.length());
        return number.matches("\\d{1,3}") ? Integer.parseInt(number) : Integer.MAX_VALUE;
    }

    private boolean isOurs(RtspRequest request, String name) {
        String given = request.header("session").orElse("");
        return sender != null && given.equals(session) && name.equals(recording);
    }

    private static RtspResponse noSession(RtspRequest request, FaultSet faults) {
        return new RtspResponse(454, "Session Not Found", request, faults);
    }

    private RtspResponse withSession(RtspResponse response) {
        return response.header(
                "Session", session + ";timeout=" + camera.settings().sessionTimeoutSeconds());
    }

    private RtspResponse control(RtspRequest request, FaultSet faults, RecordedFootage.Span span) {
        RtspResponse done = withSession(new RtspResponse(200, "OK", request, faults));
        switch (request.method()) {
            case "PLAY" -> {
                Optional<ReplaySender.Order> order = ClockRange.parse(
                                request.header("range").orElse("clock=-"))
                        .flatMap(range -> order(request, range, span));
                if (order.isEmpty()) {
                    return withSession(new RtspResponse(457, "Invalid Range", request, faults));
                }
                ReplaySender.Order wanted = order.get();
                done.header("Range", "clock=" + told(wanted.first()) + "-" + told(wanted.end()))
                        .header(
                                "RTP-Info",
                                sender.info(
                                        request.base(camera.baseUri()) + path(recording) + StreamAddress.TRACK,
                                        wanted));
                sender.play(wanted, System.nanoTime());
                connection.playStarted();
            }
            case "PAUSE" -> sender.pause();
            case "TEARDOWN" -> sender = null;
            case "GET_PARAMETER", "SET_PARAMETER" -> {}
            default -> {
                return new RtspResponse(501, "Not Implemented", request, faults);
            }
        }
        return done;
    }

    private PacketTrack track() {
        return camera.video(Camera.Role.MAIN);
    }

    private String told(long unit) {
        return ClockRange.text(camera.timeOf(track().format().unitNanos(unit)));
    }

    /** From the key frame at or before the beginning on; empty when nothing of the recording is in the range. */
    private Optional<ReplaySender.Order> order(RtspRequest request, ClockRange range, RecordedFootage.Span span) {
        Instant last = span.to().orElseGet(camera::time);
        Instant from = range.from().filter(span.from()::isBefore).orElse(span.from());
        Instant to = range.to().filter(last::isAfter).orElse(last);
        if (!from.isBefore(to)) {
            return Optional.empty();
        }
        long begun = unitAt(span.from());
        long wanted = unitAt(from);
        // A range begins amid a picture as a rule: the one that is shown then.
        boolean amid = track().format().unitNanos(wanted) > camera.streamNanosAt(from);
        long first = amid ? Math.max(begun, wanted - 1) : wanted;
        while (first > begun && track().keyFrom(first) != first) {
            first--;
        }
        first = track().keyFrom(first);
        long seen = track().format().unitAt(camera.clock().streamNanos(System.nanoTime()));
        long available = Math.min(unitAt(last), seen);
        long end = Math.min(unitAt(to), available);
        boolean paced = !request.header("rate-control").orElse("yes").equalsIgnoreCase("no");
        int cseq = request.header("cseq")
                .filter(told -> told.matches("\\d{1,9}"))
                .map(Integer::parseInt)
                .orElse(0);
        return first < end ? Optional.of(new ReplaySender.Order(first, end, available, paced, cseq)) : Optional.empty();
    }

    private long unitAt(Instant time) {
        return track().format().unitAt(camera.streamNanosAt(time));
    }
}

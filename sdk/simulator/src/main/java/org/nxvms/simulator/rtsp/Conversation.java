// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultSet;
import org.nxvms.simulator.rtp.TrackFormat;

/** Answers the requests of one connection; holds its session, of which there is at most one. Farm's thread only. */
final class Conversation {
    private final Camera camera;
    private final Connection connection;
    private final FarmLoop loop;
    private final Authenticator authenticator;
    private final Random random = new Random();
    private final Replay replay;
    private final BackChannel back;
    private Playback playback;
    private int ownRequests;

    Conversation(Camera camera, Connection connection, FarmLoop loop) {
        this.camera = camera;
        this.connection = connection;
        this.loop = loop;
        this.back = new BackChannel(camera);
        this.authenticator = new Authenticator(camera.settings(), "simulated camera");
        this.replay = new Replay(camera, connection, loop);
    }

    /** @param request null if it was none */
    void answer(RtspRequest request) throws IOException {
        FaultSet faults = camera.faultSet();
        if (faults.has(FaultKind.ANSWER_HTTP)) {
            String page = "<html><body>Web interface</body></html>";
            sendText("HTTP/1.1 400 Bad Request\r\nServer: lighttpd\r\nContent-Type: text/html\r\nContent-Length: "
                    + page.length() + "\r\n\r\n" + page);
            return;
        }
        if (faults.has(FaultKind.ANSWER_GARBAGE)) {
            byte[] garbage = new byte[(int) faults.value(FaultKind.ANSWER_GARBAGE)];
            random.nextBytes(garbage);
            connection.send(ByteBuffer.wrap(garbage));
            return;
        }
        if (request == null) {
            send(new RtspResponse(400, "Bad Request", null, faults));
            connection.closeAfterSending();
            return;
        }
        RtspResponse refusal = refusal(request, faults);
        if (refusal != null) {
            send(refusal);
            return;
        }
        if (Replay.isAbout(request) && !request.method().equals("OPTIONS")) {
            send(replay.answer(request, faults));
        } else {
            dispatch(request, faults);
        }
    }

    private RtspResponse refusal(RtspRequest request, FaultSet faults) {
        if (!request.version().equals("RTSP/1.0")) {
            return new RtspResponse(505, "RTSP Version Not Supported", request, faults);
        }
        if (request.header("cseq").isEmpty()) {
            return new RtspResponse(400, "Bad Request", request, faults);
        }
        if (faults.has(FaultKind.UNAUTHORIZED)) {
            return new RtspResponse(401, "Unauthorized", request, faults)
                    .header("WWW-Authenticate", authenticator.challenge(false));
        }
        if (request.method().equals("OPTIONS")) {
            return null; // cameras tell their methods before a login
        }
        long nonceUses = faults.has(FaultKind.STALE_NONCE) ? faults.value(FaultKind.STALE_NONCE) : -1;
        Authenticator.Verdict verdict = authenticator.check(
                request.method(), "", request.header("authorization").orElse(""), nonceUses);
        if (verdict == Authenticator.Verdict.PASSED) {
            return null;
        }
        boolean stale = verdict == Authenticator.Verdict.STALE;
        return new RtspResponse(401, "Unauthorized", request, faults)
                .header("WWW-Authenticate", authenticator.challenge(stale));
    }

    private void dispatch(RtspRequest request, FaultSet faults) throws IOException {
        if (back.isAbout(request)) {
            send(back.answer(request, faults));
            return;
        }
        boolean getParameter = !faults.has(FaultKind.NO_GET_PARAMETER);
        switch (request.method()) {
            case "OPTIONS" ->
                send(new RtspResponse(200, "OK", request, faults)
                        .header(
                                "Public",
                                "OPTIONS, DESCRIBE, SETUP, PLAY, PAUSE, TEARDOWN, "
                                        + (getParameter ? "GET_PARAMETER, " : "") + "SET_PARAMETER"));
            case "DESCRIBE" -> describe(request, faults);
            case "SETUP" -> setup(request, faults);
            case "PLAY", "PAUSE", "TEARDOWN" -> control(request, faults);
            case "GET_PARAMETER" -> parameter(request, faults, getParameter);
            case "SET_PARAMETER" -> parameter(request, faults, true);
            default -> send(new RtspResponse(501, "Not Implemented", request, faults));
        }
    }

    private void describe(RtspRequest request, FaultSet faults) throws IOException {
        StreamAddress stream = camera.find(request).orElse(null);
        if (stream == null || faults.has(FaultKind.NOT_FOUND)) {
            send(new RtspResponse(404, "Not Found", request, faults));
            return;
        }
        Camera.Role role = stream.role();
        String accept = request.header("accept").orElse("application/sdp");
        if (!accept.contains("application/sdp") && !accept.contains("*/*")) {
            send(new RtspResponse(406, "Not Acceptable", request, faults));
            return;
        }
        String base = request.base(camera.baseUri());
        List<TrackFormat> formats = camera.tracks(role).stream()
                .map(track -> told(track.format(), role, faults))
                .toList();
        String name = "Simulated camera " + camera.number() + " " + role.name().toLowerCase(Locale.ROOT);
        RtspResponse response = new RtspResponse(200, "OK", request, faults);
        if (!faults.has(FaultKind.ABSOLUTE_CONTROL)) {
            response.header("Content-Base", base + stream.path() + "/");
        }
        boolean talks = BackChannel.isAskedFor(request);
        if (talks && !camera.ear().isThere()) {
            send(new RtspResponse(551, "Option not supported", request, faults).header("Unsupported", BackChannel.TAG));
            return;
        }
        String description = Sdp.describe(name, base, stream, formats, faults) + (talks ? back.description() : "");
        send(response.body("application/sdp", description));
    }

    private void setup(RtspRequest request, FaultSet faults) throws IOException {
        StreamAddress stream = camera.find(request).orElse(null);
        if (stream == null || faults.has(FaultKind.NOT_FOUND)) {
            send(new RtspResponse(404, "Not Found", request, faults));
            return;
        }
        Camera.Role role = stream.role();
        if (faults.has(FaultKind.BUSY)) {
            send(new RtspResponse(453, "Not Enough Bandwidth", request, faults));
            return;
        }
        if (playback == null && isFull(FaultKind.SESSION_LIMIT, faults)) {
            send(new RtspResponse(453, "Not Enough Bandwidth", request, faults));
            return;
        }
        if (playback == null && isFull(FaultKind.SESSION_LIMIT_503, faults)) {
            send(new RtspResponse(503, "Service Unavailable", request, faults));
            return;
        }
        if (playback != null && (playback.role() != role || !isOurSession(request))) {
            send(new RtspResponse(454, "Session Not Found", request, faults));
            return;
        }
        int track = trackNumber(request.path().substring(stream.path().length()), role);
        if (track < 0) {
            send(new RtspResponse(404, "Not Found", request, faults));
            return;
        }
        Transport transport = Transport.choose(
                request.header("transport").orElse(""),
                faults,
                connection.remote().getAddress(),
                Transport.group(camera.address(), role));
        if (transport == null || playback != null && playback.isUdp() != transport.isUdp()) {
            send(new RtspResponse(461, "Unsupported Transport", request, faults));
            return;
        }
        if (playback != null && playback.isPlaying()) {
            send(new RtspResponse(455, "Method Not Valid in This State", request, faults));
            return;
        }
        if (playback == null) {
            playback = new Playback(camera, stream, connection, loop);
        }
        TrackSender sender = playback.setup(track, transport);
        send(new RtspResponse(200, "OK", request, faults)
                .header("Transport", transport.answer(loop, track, sender.ssrc(), faults.has(FaultKind.ODD_HEADERS)))
                .header("Session", sessionHeader(faults)));
    }

    private boolean isFull(FaultKind limit, FaultSet faults) {
        return faults.has(limit) && camera.port().sessions() >= faults.value(limit);
    }

    /** The format as SDP tells it. */
    private TrackFormat told(TrackFormat format, Camera.Role role, FaultSet faults) {
        if (!format.isVideo() || !faults.has(FaultKind.WRONG_PARAMETER_SETS)) {
            return format;
        }
        Camera.Role other = role == Camera.Role.MAIN ? Camera.Role.SUB : Camera.Role.MAIN;
        return format.withParameterSets(camera.shown(other).loop().format().parameterSets());
    }

    private void control(RtspRequest request, FaultSet faults) throws IOException {
        if (playback == null || !isOurSession(request)) {
            send(new RtspResponse(454, "Session Not Found", request, faults));
            return;
        }
        RtspResponse response = new RtspResponse(200, "OK", request, faults).header("Session", sessionHeader(faults));
        switch (request.method()) {
            case "PLAY" -> {
                if (!playback.isPlaying()) {
                    playback.play(System.nanoTime());
                    connection.playStarted();
                }
                if (!faults.has(FaultKind.NO_RTP_INFO)) {
                    response.header("Range", "npt=now-")
                            .header("RTP-Info", playback.rtpInfo(request.base(camera.baseUri())));
                }
            }
            case "PAUSE" -> playback.pause();
            default -> playback = null;
        }
        send(response);
    }

    private void parameter(RtspRequest request, FaultSet faults, boolean supported) throws IOException {
        RtspResponse response = supported
                ? new RtspResponse(200, "OK", request, faults)
                : new RtspResponse(501, "Not Implemented", request, faults);
        if (supported && request.header("session").isPresent()) {
            if (playback == null || !isOurSession(request)) {
                response = new RtspResponse(454, "Session Not Found", request, faults);
            } else {
                response.header("Session", sessionHeader(faults));
            }
        }
        send(response);
    }

    void answerTooLong() throws IOException {
        send(new RtspResponse(400, "Bad Request", null, camera.faultSet()));
    }

    private String sessionHeader(FaultSet faults) {
        return faults.has(FaultKind.NO_SESSION_TIMEOUT)
                ? playback.id()
                : playback.id() + ";timeout=" + camera.settings().sessionTimeoutSeconds();
    }

    private boolean isOurSession(RtspRequest request) {
        String given = request.header("session").orElse("");
        int semicolon = given.indexOf(';');
        return playback.id().equals((semicolon < 0 ? given : given.substring(0, semicolon)).trim());
    }

    /** The track that the rest of a path names; the first one not set up if it names none; -1 if there is no such track. */
    private int trackNumber(String rest, Camera.Role role) {
        int count = camera.tracks(role).size();
        if (rest.isEmpty() || rest.equals("/")) {
            return playback == null ? 0 : Math.min(playback.trackCount(), count - 1);
        }
        for (int i = 0; i < count; i++) {
            if (rest.equals(StreamAddress.TRACK + i)) {
                return i;
            }
        }
        return -1;
    }

    long pump(long now) throws IOException {
        long next = playback == null ? Long.MAX_VALUE : playback.pump(now);
        return connection.hasBacklog() ? next : Math.min(next, replay.pump(now));
    }

    /** A frame that the client sent beside its requests. */
    void take(int channel, ByteBuffer frame) {
        back.take(channel, frame);
    }

    /** Whether the client's sound is not taken just now. */
    boolean isDeaf() {
        return back.isTalking() && camera.faultSet().has(FaultKind.AUDIO_STUCK);
    }

    void over() {
        back.end();
    }

    boolean hasSession() {
        return playback != null || replay.hasSession();
    }

    boolean isPlaying() {
        return playback != null && playback.isPlaying();
    }

    boolean feedsGroup(Camera.Role role) {
        return isPlaying() && playback.role() == role && playback.isMulticast();
    }

    boolean plays(Playback other) {
        return playback == other;
    }

    boolean reportsFrom(InetSocketAddress from) {
        return playback != null && playback.reportsFrom(from);
    }

    void askBack() throws IOException {
        sendText("OPTIONS * RTSP/1.0\r\nCSeq: " + ++ownRequests + "\r\nSession: " + playback.id() + "\r\n\r\n");
    }

    private void send(RtspResponse response) throws IOException {
        sendText(response.toString());
    }

    private void sendText(String text) throws IOException {
        connection.send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }
}

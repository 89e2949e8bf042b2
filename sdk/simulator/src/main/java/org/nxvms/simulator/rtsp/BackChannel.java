// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.nxvms.simulator.fault.FaultSet;

/**
 * The way back of a stream (ONVIF Streaming 5.3): a track that a client asks for by {@code Require}, and through which it
 * sends G.711 to a loudspeaker. One connection's; farm's thread only.
 */
final class BackChannel {
    static final String TAG = "www.onvif.org/ver20/backchannel";
    static final String TRACK = "/backchannel";

    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final int RTP_HEADER = 12;

    private final Camera camera;
    private String id = "";
    private int channel;
    private Optional<Ear.Voice> voice = Optional.empty();

    BackChannel(Camera camera) {
        this.camera = camera;
    }

    static boolean isAskedFor(RtspRequest request) {
        return request.header("require").orElse("").contains(TAG);
    }

    /** {@return whether this is the one to answer a request} */
    boolean isAbout(RtspRequest request) {
        boolean setup = request.method().equals("SETUP") && request.path().endsWith(TRACK);
        return setup || !id.isEmpty() && request.header("session").orElse("").startsWith(id);
    }

    /** {@return lines of SDP that are added for who asks for it} */
    String description() {
        return "m=audio 0 RTP/AVP 0 8\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=sendonly\r\na=control:"
                + TRACK.substring(1) + "\r\n";
    }

    RtspResponse answer(RtspRequest request, FaultSet faults) {
        switch (request.method()) {
            case "SETUP" -> {
                return setup(request, faults);
            }
            case "PLAY" -> {
                voice = voice.or(() -> camera.ear().begin());
                if (voice.isEmpty()) {
                    return new RtspResponse(453, "Not Enough Bandwidth", request, faults);
                }
            }
            case "TEARDOWN" -> end();
            default -> {}
        }
        return new RtspResponse(200, "OK", request, faults).header("Session", id);
    }

    private RtspResponse setup(RtspRequest request, FaultSet faults) {
        String transport = request.header("transport").orElse("");
        if (!camera.ear().isThere() || !isAskedFor(request)) {
            return new RtspResponse(404, "Not Found", request, faults);
        }
        if (!transport.matches("RTP/AVP/TCP;.*interleaved=\\d{1,2}-\\d{1,2}.*")) {
            return new RtspResponse(461, "Unsupported Transport", request, faults);
        }
        channel = Integer.parseInt(transport.replaceFirst(".*interleaved=(\\d+).*", "$1"));
        id = "talk" + NUMBERS.incrementAndGet();
        return new RtspResponse(200, "OK", request, faults)
                .header("Transport", "RTP/AVP/TCP;unicast;interleaved=" + channel + "-" + (channel + 1))
                .header("Session", id + ";timeout=" + camera.settings().sessionTimeoutSeconds());
    }

    boolean isTalking() {
        return voice.isPresent();
    }

    /** Plays what is in an interleaved frame. */
    void take(int from, ByteBuffer frame) {
        if (from == channel && voice.isPresent() && frame.remaining() > RTP_HEADER) {
            byte[] samples = new byte[frame.remaining() - RTP_HEADER];
            frame.position(frame.position() + RTP_HEADER).get(samples);
            voice.get().play(samples);
        }
    }

    void end() {
        voice.ifPresent(Ear.Voice::end);
        voice = Optional.empty();
        id = "";
    }
}

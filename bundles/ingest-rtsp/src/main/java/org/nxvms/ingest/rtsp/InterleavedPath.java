// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import org.nxvms.media.kit.rtsp.RtspTransport;

/** RTP and RTCP between the messages of the RTSP connection (RFC 2326 10.12). */
final class InterleavedPath extends MediaPath {
    private static final int CHANNELS = 256;
    private static final int HEADER_BYTES = 4;

    private final Consumer<ByteBuffer> connection;
    private final ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + TrackReceiver.REPORT_BYTES_MAX);
    private final TrackReceiver[] rtp = new TrackReceiver[CHANNELS];
    private final TrackReceiver[] rtcp = new TrackReceiver[CHANNELS];

    /** @param connection sends bytes to the camera and keeps none of them */
    InterleavedPath(Consumer<ByteBuffer> connection) {
        this.connection = connection;
    }

    @Override
    String request(int track) {
        return RtspTransport.interleaved(2 * track);
    }

    @Override
    Optional<String> connect(int track, RtspTransport agreed, TrackReceiver receiver) {
        if (agreed.kind() != RtspTransport.Kind.TCP) {
            return Optional.of("it agrees to another transport than it was asked for");
        }
        int rtpChannel = agreed.channels().rtp() >= 0 ? agreed.channels().rtp() : 2 * track;
        int rtcpChannel = agreed.channels().rtcp() >= 0 ? agreed.channels().rtcp() : (rtpChannel + 1) % CHANNELS;
        rtp[rtpChannel] = receiver;
        rtcp[rtcpChannel] = receiver;
        return Optional.empty();
    }

    @Override
    void frame(ByteBuffer in, int channel, int offset, int length) {
        if (rtp[channel] != null) {
            rtp[channel].rtp(in, offset, length);
        } else if (rtcp[channel] != null) {
            rtcp[channel].rtcp(in, offset, length);
        }
    }

    @Override
    boolean isPicture(int channel) {
        return !receivers().isEmpty() && rtp[channel] == receivers().get(0);
    }

    @Override
    boolean patient() {
        return true;
    }

    @Override
    void report() {
        for (int channel = 0; channel < CHANNELS; channel++) {
            if (rtcp[channel] == null) {
                continue;
            }
            if (rtcp[channel].report(out.clear().position(HEADER_BYTES))) {
                out.put(0, (byte) '$').put(1, (byte) channel).putShort(2, (short) (out.position() - HEADER_BYTES));
                connection.accept(out.flip());
            }
        }
    }
}

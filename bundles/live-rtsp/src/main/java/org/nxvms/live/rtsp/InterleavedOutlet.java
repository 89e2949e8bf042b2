// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Packets within the conversation (RFC 2326 10.12). */
final class InterleavedOutlet implements Outlet {
    private static final int PREFIX_BYTES = 4;

    private final Wire.Batch batch;
    private final int rtpChannel;
    private final int rtcpChannel;
    private ByteBuffer packet;
    private int startsAt;

    InterleavedOutlet(Wire.Batch batch, int rtpChannel, int rtcpChannel) {
        this.batch = batch;
        this.rtpChannel = rtpChannel;
        this.rtcpChannel = rtcpChannel;
    }

    boolean uses(int channel) {
        return channel == rtpChannel || channel == rtcpChannel;
    }

    @Override
    public ByteBuffer begin(boolean rtcp) throws IOException {
        packet = batch.room();
        startsAt = packet.position();
        return packet.put((byte) '$')
                .put((byte) (rtcp ? rtcpChannel : rtpChannel))
                .putShort((short) 0);
    }

    @Override
    public void end() {
        packet.putShort(startsAt + 2, (short) (packet.position() - startsAt - PREFIX_BYTES));
    }

    @Override
    public void flush() throws IOException {
        batch.flush();
    }

    /** What a client sends within the conversation is heard there. */
    @Override
    public boolean heard() {
        return false;
    }

    @Override
    public String describe() {
        return "RTP/AVP/TCP;unicast;interleaved=" + rtpChannel + "-" + rtcpChannel;
    }

    @Override
    public void close() {
        // The connection is not this one's.
    }
}

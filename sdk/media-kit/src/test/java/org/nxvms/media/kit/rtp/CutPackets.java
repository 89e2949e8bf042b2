// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes whole RTP packets of what a payloader cuts, and holds it to what it promised. */
final class CutPackets implements Payloader.Sink {
    private static final int HEADER_BYTES = 12;

    private final List<byte[]> packets = new ArrayList<>();
    private final ByteBuffer packet = ByteBuffer.allocate(4096);
    private int sequence = 65_530;
    private long timestamp;
    private int payloadAt;
    private boolean open;

    List<byte[]> packets() {
        return packets;
    }

    void unit(Payloader payloader, byte[] unit, boolean key, long time) throws IOException {
        timestamp = time;
        ByteBuffer somewhere =
                ByteBuffer.allocate(unit.length + 8).put(3, unit).position(3).limit(3 + unit.length);
        payloader.cut(somewhere, key, this);
        if (open || somewhere.position() != 3 || somewhere.limit() != 3 + unit.length) {
            throw new IllegalStateException("a packet was not ended, or the unit's bounds were moved");
        }
    }

    @Override
    public ByteBuffer begin(ByteBuffer extension) {
        if (open) {
            throw new IllegalStateException("the packet before was not ended");
        }
        open = true;
        packet.clear().position(HEADER_BYTES);
        packet.put(0, (byte) (extension.hasRemaining() ? 0x90 : 0x80));
        if (extension.hasRemaining()) {
            int words = extension.remaining() + 3 >> 2;
            int end = packet.position() + 4 + 4 * words;
            packet.putShort((short) JpegHeader.EXTENSION_SOI)
                    .putShort((short) words)
                    .put(extension.duplicate());
            while (packet.position() < end) {
                packet.put((byte) 0xFF);
            }
        }
        payloadAt = packet.position();
        return packet;
    }

    @Override
    public void end(boolean marker, int ticks) {
        int bytes = packet.position() - payloadAt;
        if (!open || bytes < 1 || bytes > Payloader.PAYLOAD_BYTES_MAX) {
            throw new IllegalStateException("a payload of " + bytes + " bytes");
        }
        open = false;
        packet.put(1, (byte) ((marker ? 0x80 : 0) | 96)).putShort(2, (short) sequence++);
        packet.putInt(4, (int) (timestamp + ticks)).putInt(8, 0x1234);
        packets.add(Arrays.copyOf(packet.array(), packet.position()));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.nxvms.media.kit.nal.AvcParameterSets;
import org.nxvms.media.kit.rtp.AccessUnitSink;
import org.nxvms.media.kit.rtp.H264Depacketizer;
import org.nxvms.media.kit.rtp.RtpHeader;

/** Puts access units together again from packets in order, as the server's own receiver of cameras does. */
public final class Units {
    private final List<byte[]> units = new ArrayList<>();
    private final List<Long> timestamps = new ArrayList<>();
    private final H264Depacketizer depacketizer = new H264Depacketizer(new Sink(), new AvcParameterSets(), false);
    private final RtpHeader header = new RtpHeader();

    /** Takes the next packet: nothing is missing before it. */
    void accept(byte[] packet, int length) {
        ByteBuffer in = ByteBuffer.wrap(packet.clone());
        if (!header.parse(in, 0, length)) {
            throw new IllegalStateException("no RTP");
        }
        depacketizer.accept(in, header, 0);
    }

    /** {@return units so far, each a row of NAL units after their lengths; without parameter sets} */
    List<byte[]> units() {
        return units;
    }

    List<Long> timestamps() {
        return timestamps;
    }

    /** {@return the NAL units that payloads carry, taken apart as RFC 6184 5.6 to 5.8 says} */
    public static List<byte[]> nals(List<byte[]> payloads) {
        List<byte[]> nals = new ArrayList<>();
        ByteArrayOutputStream fragments = new ByteArrayOutputStream();
        for (byte[] payload : payloads) {
            int type = payload[0] & 0x1F;
            if (type == 24) {
                ByteBuffer in = ByteBuffer.wrap(payload, 1, payload.length - 1);
                while (in.hasRemaining()) {
                    byte[] nal = new byte[in.getShort()];
                    in.get(nal);
                    nals.add(nal);
                }
            } else if (type == 28) {
                boolean begins = (payload[1] & 0x80) != 0;
                if (begins != (fragments.size() == 0)) {
                    throw new IllegalStateException("a fragment begins within another, or none has begun");
                }
                if (begins) {
                    fragments.write(payload[0] & 0xE0 | payload[1] & 0x1F);
                }
                fragments.write(payload, 2, payload.length - 2);
                if ((payload[1] & 0x40) != 0) {
                    nals.add(fragments.toByteArray());
                    fragments.reset();
                }
            } else {
                nals.add(payload);
            }
        }
        if (fragments.size() > 0) {
            throw new IllegalStateException("the last fragment does not end");
        }
        return nals;
    }

    private final class Sink implements AccessUnitSink {
        private final ByteBuffer buffer = ByteBuffer.allocate(1 << 20);

        @Override
        public boolean begin(boolean knownKey) {
            buffer.clear();
            return true;
        }

        @Override
        public boolean append(ByteBuffer source, int offset, int length) {
            for (int i = 0; i < length; i++) {
                buffer.put(source.get(offset + i));
            }
            return true;
        }

        @Override
        public boolean appendInt(int value) {
            buffer.putInt(value);
            return true;
        }

        @Override
        public boolean appendByte(int value) {
            buffer.put((byte) value);
            return true;
        }

        @Override
        public int position() {
            return buffer.position();
        }

        @Override
        public void putInt(int at, int value) {
            buffer.putInt(at, value);
        }

        @Override
        public void commit(long timestamp, boolean key, boolean afterLoss) {
            byte[] unit = new byte[buffer.position()];
            buffer.get(0, unit);
            units.add(unit);
            timestamps.add(timestamp);
        }

        @Override
        public void abort() {
            buffer.clear();
        }

        @Override
        public void formatChanged() {
            // The sets are of no interest here.
        }
    }
}

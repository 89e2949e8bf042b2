// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.nxvms.media.kit.nal.AvcConfig;
import org.nxvms.media.kit.nal.HevcConfig;
import org.nxvms.media.kit.nal.NalException;

/**
 * H.264 (RFC 6184, packetization mode 1: single NAL units and FU-A) and H.265 (RFC 7798, single NAL units and fragmentation
 * units). Before a key frame that does not bring its parameter sets they are sent from the track's configuration, so that a
 * decoder can begin at any key frame, and follows a format that changes.
 */
final class NalPayloader implements Payloader {
    private static final int H264_FU_A = 28;
    private static final int H264_SPS = 7;
    private static final int H265_FU = 49;
    private static final int H265_SPS = 33;
    private static final int LENGTH_BYTES = 4;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final boolean h265;
    private final List<ByteBuffer> sets;
    private long leftOut;

    private NalPayloader(boolean h265, Stream<byte[]> sets) {
        this.h265 = h265;
        this.sets = sets.map(ByteBuffer::wrap).toList();
    }

    static NalPayloader h264(byte[] configuration) throws NalException {
        AvcConfig config = AvcConfig.parse(configuration);
        return new NalPayloader(false, Stream.concat(config.sps().stream(), config.pps().stream()));
    }

    static NalPayloader h265(byte[] configuration) throws NalException {
        HevcConfig config = HevcConfig.parse(configuration);
        return new NalPayloader(
                true, Stream.of(config.vps(), config.sps(), config.pps()).flatMap(List::stream));
    }

    @Override
    public void cut(ByteBuffer unit, boolean key, Sink sink) throws IOException {
        int last = -1;
        boolean hasSets = false;
        int at = unit.position();
        while (fits(unit, at)) {
            if (unit.getInt(at) >= headBytes()) {
                last = at;
                hasSets |= type(unit, at + LENGTH_BYTES) == (h265 ? H265_SPS : H264_SPS);
            }
            at += LENGTH_BYTES + unit.getInt(at);
        }
        if (at != unit.limit() || last < 0) {
            leftOut++;
        }
        if (last < 0) {
            return;
        }
        if (key && !hasSets) {
            for (ByteBuffer set : sets) {
                nal(set, 0, set.limit(), false, sink);
            }
        }
        at = unit.position();
        while (at <= last) {
            int length = unit.getInt(at);
            if (length >= headBytes()) {
                nal(unit, at + LENGTH_BYTES, length, at == last, sink);
            }
            at += LENGTH_BYTES + length;
        }
    }

    private static boolean fits(ByteBuffer unit, int at) {
        return unit.limit() - at >= LENGTH_BYTES
                && unit.getInt(at) >= 0
                && unit.getInt(at) <= unit.limit() - at - LENGTH_BYTES;
    }

    private int headBytes() {
        return h265 ? 2 : 1;
    }

    private int type(ByteBuffer unit, int at) {
        return h265 ? unit.get(at) >> 1 & 0x3F : unit.get(at) & 0x1F;
    }

    private void nal(ByteBuffer in, int at, int length, boolean last, Sink sink) throws IOException {
        if (length <= PAYLOAD_BYTES_MAX) {
            put(sink.begin(NOTHING), in, at, length);
            sink.end(last, 0);
            return;
        }
        int head = headBytes();
        int step = PAYLOAD_BYTES_MAX - head - 1;
        int type = type(in, at);
        for (int from = head; from < length; from += step) {
            int size = Math.min(step, length - from);
            boolean end = from + size == length;
            ByteBuffer out = sink.begin(NOTHING);
            if (h265) {
                out.put((byte) (in.get(at) & 0x81 | H265_FU << 1)).put(in.get(at + 1));
            } else {
                out.put((byte) (in.get(at) & 0xE0 | H264_FU_A));
            }
            out.put((byte) ((from == head ? 0x80 : 0) | (end ? 0x40 : 0) | type));
            put(out, in, at + from, size);
            sink.end(last && end, 0);
        }
    }

    static void put(ByteBuffer out, ByteBuffer in, int at, int length) {
        out.put(out.position(), in, at, length).position(out.position() + length);
    }

    @Override
    public long leftOut() {
        return leftOut;
    }
}

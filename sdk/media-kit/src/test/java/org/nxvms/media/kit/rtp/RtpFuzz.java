// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.TestClip;
import org.nxvms.media.kit.nal.AvcParameterSets;
import org.nxvms.media.kit.nal.HevcParameterSets;
import org.nxvms.media.kit.nal.TrackFormats;

/** Packets from a hostile camera. The first byte of each stretch is its length, so that the fuzzer can cut packets. */
class RtpFuzz {
    private static List<byte[]> packets(byte[] data) {
        List<byte[]> packets = new ArrayList<>();
        for (int at = 0; at < data.length; ) {
            int length = data[at] & 0xFF;
            packets.add(Arrays.copyOfRange(data, at + 1, Math.min(data.length, at + 1 + length)));
            at += 1 + length;
        }
        return packets;
    }

    @FuzzTest(maxDuration = "1m")
    void h264(byte[] data) {
        Packetizer.feed(
                packets(data),
                new H264Depacketizer(new RecordingSink(2000), new AvcParameterSets(), data.length % 2 == 0));
    }

    @FuzzTest(maxDuration = "1m")
    void h265(byte[] data) {
        Packetizer.feed(
                packets(data),
                new H265Depacketizer(new RecordingSink(2000), new HevcParameterSets(), data.length % 2 == 0));
    }

    @FuzzTest(maxDuration = "1m")
    void aac(byte[] data) {
        Packetizer.feed(packets(data), new AacDepacketizer(new RecordingSink(2000), 13, 3, 3, 1024));
    }

    @FuzzTest(maxDuration = "1m")
    void jpeg(byte[] data) {
        JpegPicture picture = new JpegPicture(data.length % 3 * 100, 64);
        Packetizer.feed(packets(data), new JpegDepacketizer(new RecordingSink(2000), picture));
    }

    @FuzzTest(maxDuration = "1m")
    void latm(byte[] data) {
        LatmDepacketizer.Format format = new LatmDepacketizer.Format(48_000, Optional.empty());
        Packetizer.feed(packets(data), new LatmDepacketizer(new RecordingSink(2000), format, true));
    }

    @FuzzTest(maxDuration = "1m")
    void sideTracks(byte[] data) {
        RecordingSink sink = new RecordingSink(2000);
        Packetizer.feed(packets(data), new DocumentDepacketizer(sink));
        Packetizer.feed(packets(data), new G726Depacketizer(sink, 2 + data.length % 4, true));
        Packetizer.feed(packets(data), new PlainDepacketizer(sink));
    }

    @FuzzTest(maxDuration = "1m")
    void rtcp(byte[] data) {
        Rtcp rtcp = new Rtcp();
        rtcp.parse(java.nio.ByteBuffer.wrap(data), 0, data.length);
        rtcp.senderWallUs();
    }

    @FuzzTest(maxDuration = "1m")
    void order(byte[] data) {
        ReorderWindow window = new ReorderWindow(
                (in, offset, length) -> {
                    if (offset < 0 || length < 0 || offset + length > in.capacity()) {
                        throw new IllegalStateException("a packet outside of its buffer");
                    }
                },
                10);
        java.nio.ByteBuffer in = java.nio.ByteBuffer.allocate(4096);
        for (int i = 0; i + 2 < data.length; i += 3) {
            int sequence = (data[i] & 0xFF) << 8 | data[i + 1] & 0xFF;
            window.accept(in, 0, 1 + (data[i + 2] & 0xFF) * 12, sequence, i);
            window.tick(i);
        }
    }

    /** Access units out of a damaged file: cut into packets or left out. */
    @FuzzTest(maxDuration = "1m")
    void payloads(byte[] data) throws Exception {
        for (TrackFormat track : List.of(
                TestClip.format().tracks().get(0),
                TrackFormats.mjpeg(64, 64),
                TrackFormats.aac(TestClip.toneConfig(), 48_000),
                TrackFormats.opus(2),
                TrackFormats.g726(3, 8_000, 2))) {
            new CutPackets().unit(Payloader.of(track), data, data.length % 2 == 0, 0);
        }
    }
}

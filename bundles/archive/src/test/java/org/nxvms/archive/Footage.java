// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.nal.AvcConfig;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;

/** Fragments of a synthetic camera: 25 frames a second, one second a fragment, NAL units of a few bytes. */
final class Footage {
    static final int FRAMES = 25;
    static final long SECOND_US = 1_000_000;
    static final StreamFormat FORMAT = format();
    static final StreamId CAMERA = StreamId.main(UUID.fromString("11111111-2222-4333-8444-555555555555"));

    private Footage() {}

    private static StreamFormat format() {
        byte[] sps = HexFormat.of().parseHex("67640c28ac18d00f0044fcb00f08846a");
        byte[] pps = HexFormat.of().parseHex("68ee3c80");
        try {
            return new StreamFormat(List.of(TrackFormats.h264(new AvcConfig(List.of(sps), List.of(pps)))));
        } catch (NalException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** {@return header and payload of the n-th second of a run that began at {@code runStartUs}} */
    static ByteBuffer[] fragment(long runStartUs, int second, boolean key, int nalBytes) {
        FragmentBuilder builder = new FragmentBuilder(1, FRAMES);
        builder.begin(second + 1);
        ByteBuffer payload = ByteBuffer.allocate(FRAMES * (4 + nalBytes));
        for (int i = 0; i < FRAMES; i++) {
            long time = (long) second * 90_000 + i * 3_600L;
            builder.add(0, time, time, 4 + nalBytes, key && i == 0);
            payload.putInt(nalBytes).put((byte) (key && i == 0 ? 0x65 : 0x41));
            for (int b = 1; b < nalBytes; b++) {
                payload.put((byte) (second * 31 + i * 7 + b | 1));
            }
        }
        builder.endAt(0, (second + 1) * 90_000L);
        builder.wallClock(runStartUs + second * SECOND_US);
        ByteBuffer header = ByteBuffer.allocate(builder.headerBytes());
        builder.writeHeader(header);
        return new ByteBuffer[] {header.flip(), payload.flip()};
    }
}

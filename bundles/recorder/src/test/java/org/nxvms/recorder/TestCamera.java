// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.nxvms.media.ClockSource;
import org.nxvms.media.Codec;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamWriter;
import org.nxvms.media.kit.nal.AvcConfig;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;

/**
 * Writes numbered frames into a stream, 25 a second, a key frame every two seconds, with 20 ms of G.711 beside each
 * frame when asked.
 */
final class TestCamera {
    static final int GOP = 50;
    static final long FRAME_US = 40_000;
    static final long T0 = 1_795_359_600_000_000L;
    static final StreamFormat VIDEO = format(false);
    static final StreamFormat AUDIO_TOO = format(true);
    static final StreamBudget SMALL = new StreamBudget(1 << 20, 1024, 1 << 16);

    final StreamId stream = StreamId.main(UUID.randomUUID());
    final StreamWriter writer;
    private final int payloadBytes;
    private final ByteBuffer unit;
    private final ByteBuffer sound = ByteBuffer.allocate(160);
    private boolean audio;
    int next;
    int gop = GOP;
    long wallShiftUs;
    long ticksShift = 7_000_000_000L;
    /** Said with each frame beside {@link StreamWriter#KEY}. */
    int flags;

    TestCamera(StreamHub hub, int payloadBytes) {
        this.payloadBytes = payloadBytes;
        this.unit = ByteBuffer.allocate(payloadBytes + 9);
        writer = hub.openWriter(stream, SMALL);
    }

    private static StreamFormat format(boolean withAudio) {
        byte[] sps = HexFormat.of().parseHex("67640c28ac18d00f0044fcb00f08846a");
        byte[] pps = HexFormat.of().parseHex("68ee3c80");
        try {
            var video = TrackFormats.h264(new AvcConfig(List.of(sps), List.of(pps)));
            return new StreamFormat(
                    withAudio ? List.of(video, TrackFormats.g711(Codec.PCM_MULAW, 8000, 1)) : List.of(video));
        } catch (NalException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    void startRun(StreamFormat format) {
        audio = format.tracks().size() > 1;
        writer.startRun(format, wallUs(next), ClockSource.ARRIVAL);
    }

    void endRun(GapCause cause) {
        writer.endRun(wallUs(next), cause, "said by the test");
    }

    long wallUs(int frame) {
        return T0 + frame * FRAME_US + wallShiftUs;
    }

    /** Commits the next frames. */
    void frames(int count) {
        for (int i = 0; i < count; i++) {
            frame();
        }
    }

    void frame() {
        boolean key = next % gop == 0;
        unit.clear();
        unit.putInt(payloadBytes + 5)
                .put((byte) (key ? 0x65 : 0x41))
                .putInt(next)
                .position(payloadBytes + 9);
        writer.begin();
        writer.append(unit.flip());
        writer.commit(0, flags | (key ? StreamWriter.KEY : 0), ticksShift + next * 3_600L, wallUs(next));
        if (audio) {
            for (int half = 0; half < 2; half++) {
                sound.clear();
                writer.begin();
                writer.append(sound);
                long samples = (ticksShift + next * 3_600L) * 8000 / 90_000 + half * 160L;
                writer.commit(1, StreamWriter.KEY, samples, wallUs(next) + half * 20_000L);
            }
        }
        next++;
    }
}

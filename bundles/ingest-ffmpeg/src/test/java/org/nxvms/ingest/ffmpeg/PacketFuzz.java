// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.nxvms.platform.api.worker.SourceTrack;

/** Packets and set-up data come from outside: nothing is read beyond them, and every walk ends. The first byte says which. */
class PacketFuzz {
    @FuzzTest(maxDuration = "1m")
    void anyPacket(byte[] bytes) {
        if (bytes.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(bytes, 1, bytes.length);
        switch (bytes[0] & 7) {
            case 5 -> pictures("mjpeg", new byte[0], rest);
            case 6 ->
                Sound.of(new SourceTrack("aac", false, 44_100, 0, 0, 0, 2, new byte[0]))
                        .ifPresent(sound -> sound.take(ByteBuffer.wrap(rest)));
            case 7 -> {
                pictures("h264", rest, rest);
                pictures("hevc", rest, rest);
            }
            default -> walk(rest, bytes[0] & 7);
        }
    }

    private static void pictures(String codec, byte[] configuration, byte[] packet) {
        Pictures pictures = Pictures.of(new SourceTrack(codec, true, 90_000, 0, 0, 0, 0, configuration))
                .orElseThrow();
        pictures.take(ByteBuffer.wrap(packet), UnitBytes.NOWHERE);
    }

    private static void walk(byte[] packet, int lengthBytes) {
        NalCursor nals = new NalCursor();
        nals.start(ByteBuffer.wrap(packet), lengthBytes);
        int end = 0;
        while (nals.next()) {
            if (nals.length() < 1 || nals.offset() < end || nals.offset() + nals.length() > packet.length) {
                throw new IllegalStateException("a unit at " + nals.offset() + " of " + nals.length() + " bytes");
            }
            end = nals.offset() + nals.length();
        }
    }
}

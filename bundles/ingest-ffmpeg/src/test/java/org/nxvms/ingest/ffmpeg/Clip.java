// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.nxvms.platform.api.worker.SourceTrack;

/** A real H.264 clip (64x48, 25 fps, two slices a picture, B-frames, AUDs), as a container's packets behind start codes. */
final class Clip {
    /** One packet. */
    record Packet(byte[] annexB, long pts, boolean key) {
        /** What of it belongs in the hub, each NAL unit behind its length in so many bytes. */
        byte[] stored(int lengthBytes) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (byte[] nal : nals(annexB)) {
                if ((nal[0] & 0x1F) < 7) {
                    for (int i = lengthBytes - 1; i >= 0; i--) {
                        out.write(nal.length >> 8 * i);
                    }
                    out.writeBytes(nal);
                }
            }
            return out.toByteArray();
        }
    }

    private Clip() {}

    static SourceTrack track() {
        return new SourceTrack("h264", true, 90_000, 64, 48, 25, 0, new byte[0]);
    }

    static List<Packet> packets() {
        List<ByteArrayOutputStream> units = new ArrayList<>();
        boolean pictureSeen = true;
        for (byte[] nal : nals(resource("bframes.h264"))) {
            boolean slice = (nal[0] & 0x1F) <= 5;
            // What follows a slice and is none, or the first slice of a picture, begins a packet.
            if (pictureSeen && (!slice || nal[1] < 0)) {
                units.add(new ByteArrayOutputStream());
            }
            pictureSeen = slice;
            ByteArrayOutputStream unit = units.get(units.size() - 1);
            unit.writeBytes(new byte[] {0, 0, 0, 1});
            unit.writeBytes(nal);
        }
        String[] times = new String(resource("bframes.csv"), StandardCharsets.US_ASCII).split("\n");
        List<Packet> packets = new ArrayList<>();
        for (int i = 0; i < units.size(); i++) {
            String[] fields = times[i].split(",");
            packets.add(new Packet(
                    units.get(i).toByteArray(),
                    Long.parseLong(fields[0]) * 90_000 / 12_800,
                    fields[1].startsWith("K")));
        }
        return packets;
    }

    /** A slow splitter of the test's own, to hold the fast one against. */
    static List<byte[]> nals(byte[] annexB) {
        List<byte[]> nals = new ArrayList<>();
        String text = new String(annexB, StandardCharsets.ISO_8859_1);
        for (String part : text.split("\0\0\1")) {
            int end = part.length();
            while (end > 0 && part.charAt(end - 1) == 0) {
                end--;
            }
            if (end > 0) {
                nals.add(part.substring(0, end).getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        return nals;
    }

    /** The parameter sets as an AVCDecoderConfigurationRecord with lengths of so many bytes. */
    static byte[] record(int lengthBytes) {
        List<byte[]> sets = nals(packets().get(0).annexB()).stream()
                .filter(nal -> (nal[0] & 0x1F) == 7 || (nal[0] & 0x1F) == 8)
                .toList();
        byte[] sps = sets.get(0);
        byte[] pps = sets.get(1);
        return ByteBuffer.allocate(11 + sps.length + pps.length)
                .put(new byte[] {1, sps[1], sps[2], sps[3], (byte) (0xFC | lengthBytes - 1), (byte) 0xE1})
                .putShort((short) sps.length)
                .put(sps)
                .put((byte) 1)
                .putShort((short) pps.length)
                .put(pps)
                .array();
    }

    private static byte[] resource(String name) {
        try (InputStream in = Clip.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

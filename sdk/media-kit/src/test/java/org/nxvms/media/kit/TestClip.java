// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.kit.nal.AvcParameterSets;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;

/** A real H.264 clip (64x48, 25 fps, two slices a picture, B-frames, AUDs) as libx264 made it, with its real times. */
public final class TestClip {
    /** One coded picture: its NAL units as on the wire, presentation time in 90 kHz. */
    public record Picture(List<byte[]> nals, long pts, boolean key) {
        /** What an MP4 sample of it holds: no AUD, no parameter sets, lengths of four bytes. */
        public byte[] sample() {
            int size = 0;
            for (byte[] nal : stored()) {
                size += 4 + nal.length;
            }
            ByteBuffer out = ByteBuffer.allocate(size);
            stored().forEach(nal -> out.putInt(nal.length).put(nal));
            return out.array();
        }

        private List<byte[]> stored() {
            return nals.stream().filter(nal -> (nal[0] & 0x1F) < 7).toList();
        }
    }

    private TestClip() {}

    public static List<Picture> pictures() {
        List<List<byte[]>> units = new ArrayList<>();
        boolean pictureSeen = true;
        for (byte[] nal : nals(resource("bframes.h264"))) {
            boolean slice = (nal[0] & 0x1F) <= 5;
            if (pictureSeen && (!slice || nal[1] < 0)) {
                units.add(new ArrayList<>());
            }
            pictureSeen = slice;
            units.get(units.size() - 1).add(nal);
        }
        String[] times = new String(resource("bframes.csv"), StandardCharsets.US_ASCII).split("\n");
        List<Picture> pictures = new ArrayList<>();
        for (int i = 0; i < units.size(); i++) {
            String[] fields = times[i].split(",");
            long pts = Long.parseLong(fields[0]) * 90_000 / 12_800;
            pictures.add(new Picture(units.get(i), pts, fields[1].startsWith("K")));
        }
        return pictures;
    }

    public static AvcParameterSets parameterSets() {
        AvcParameterSets sets = new AvcParameterSets();
        pictures().get(0).nals().forEach(nal -> sets.offer(ByteBuffer.wrap(nal), 0, nal.length));
        return sets;
    }

    public static StreamFormat format() {
        try {
            return new StreamFormat(
                    List.of(TrackFormats.h264(parameterSets().config().orElseThrow())));
        } catch (NalException damaged) {
            throw new IllegalStateException(damaged);
        }
    }

    /** Raw AAC access units of a tone, mono at 48 kHz. */
    public static List<byte[]> tone() {
        byte[] adts = resource("tone.adts");
        List<byte[]> units = new ArrayList<>();
        for (int at = 0; at + 7 <= adts.length; ) {
            int size = (adts[at + 3] & 3) << 11 | (adts[at + 4] & 0xFF) << 3 | (adts[at + 5] & 0xE0) >> 5;
            byte[] unit = new byte[size - 7];
            System.arraycopy(adts, at + 7, unit, 0, unit.length);
            units.add(unit);
            at += size;
        }
        return units;
    }

    /** AudioSpecificConfig of {@link #tone()}: AAC-LC, 48 kHz, mono. */
    public static byte[] toneConfig() {
        return new byte[] {0x11, (byte) 0x88};
    }

    public static List<byte[]> nals(byte[] annexB) {
        List<byte[]> nals = new ArrayList<>();
        int start = -1;
        for (int i = 0; i + 2 < annexB.length; i++) {
            if (annexB[i] == 0 && annexB[i + 1] == 0 && annexB[i + 2] == 1) {
                if (start >= 0) {
                    nals.add(cut(annexB, start, i));
                }
                start = i + 3;
            }
        }
        nals.add(cut(annexB, start, annexB.length));
        return nals;
    }

    private static byte[] cut(byte[] bytes, int start, int end) {
        int last = end;
        while (bytes[last - 1] == 0) {
            last--;
        }
        byte[] nal = new byte[last - start];
        System.arraycopy(bytes, start, nal, 0, nal.length);
        return nal;
    }

    public static byte[] resource(String name) {
        try (InputStream in = TestClip.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}

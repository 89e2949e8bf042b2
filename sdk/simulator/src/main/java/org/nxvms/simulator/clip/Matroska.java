// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A piece of a clip as a Matroska file (RFC 9559) that is written while it is sent: a segment of unknown size, a cluster for
 * each group of pictures, H.264 in AVC form. The date of the file is the moment of its first picture.
 */
public final class Matroska {
    private static final Instant MILLENNIUM = Instant.parse("2001-01-01T00:00:00Z");
    private static final byte[] UNKNOWN_SIZE = {1, -1, -1, -1, -1, -1, -1, -1};
    private static final int NAL_SPS = 7;
    private static final int NAL_PPS = 8;
    private static final int NAL_DELIMITER = 9;

    private Matroska() {}

    /** Takes the file as it grows. */
    @FunctionalInterface
    public interface Sink {
        void write(byte[] bytes) throws IOException, InterruptedException;
    }

    /**
     * Writes pictures of a looping clip.
     *
     * @param firstFrame counts on beyond the end of the loop; a key frame
     * @param frames how many
     * @param date when the first one was captured, as the file says it
     */
    public static void write(Clip.Video video, ClipSpec spec, long firstFrame, long frames, Instant date, Sink sink)
            throws IOException, InterruptedException {
        List<Clip.AccessUnit> units = video.accessUnits();
        sink.write(head(video, date));
        Element cluster = new Element();
        for (long i = 0; i < frames; i++) {
            Clip.AccessUnit unit = units.get(Math.floorMod(firstFrame + i, units.size()));
            if (unit.key() || i == 0) {
                if (cluster.size() > 0) {
                    sink.write(cluster.as(0x1F43B675));
                }
                cluster = new Element().number(0xE7, spec.startMs(i));
                cluster.startMs = spec.startMs(i);
            }
            cluster.element(0xA3, block((int) (spec.startMs(i) - cluster.startMs), unit));
        }
        sink.write(cluster.as(0x1F43B675));
    }

    private static byte[] head(Clip.Video video, Instant date) {
        byte[] ebml = new Element()
                .number(0x4286, 1)
                .number(0x42F7, 1)
                .number(0x42F2, 4)
                .number(0x42F3, 8)
                .text(0x4282, "matroska")
                .number(0x4287, 4)
                .number(0x4285, 2)
                .as(0x1A45DFA3);
        byte[] info = new Element()
                .number(0x2AD7B1, 1_000_000)
                .element(
                        0x4461,
                        ByteBuffer.allocate(8)
                                .putLong(Duration.between(MILLENNIUM, date).toNanos())
                                .array())
                .text(0x4D80, "simulator")
                .text(0x5741, "simulator")
                .as(0x1549A966);
        byte[] picture = new Element()
                .number(0xB0, video.width())
                .number(0xBA, video.height())
                .as(0xE0);
        byte[] track = new Element()
                .number(0xD7, 1)
                .number(0x73C5, 1)
                .number(0x83, 1)
                .number(0x9C, 0)
                .text(0x86, "V_MPEG4/ISO/AVC")
                .element(0x63A2, configuration(video))
                .raw(picture)
                .as(0xAE);
        byte[] tracks = new Element().raw(track).as(0x1654AE6B);
        return new Element()
                .raw(ebml)
                .raw(id(0x18538067))
                .raw(UNKNOWN_SIZE)
                .raw(info)
                .raw(tracks)
                .bytes();
    }

    /** AVCDecoderConfigurationRecord (ISO/IEC 14496-15 5.3.3.1). */
    private static byte[] configuration(Clip.Video video) {
        byte[] sps = new byte[0];
        byte[] pps = new byte[0];
        for (byte[] nal : nals(video.accessUnits().get(0).annexB())) {
            int type = nal[0] & 0x1f;
            sps = type == NAL_SPS ? nal : sps;
            pps = type == NAL_PPS ? nal : pps;
        }
        return ByteBuffer.allocate(11 + sps.length + pps.length)
                .put((byte) 1)
                .put(sps, 1, 3)
                .put((byte) 0xff)
                .put((byte) 0xe1)
                .putShort((short) sps.length)
                .put(sps)
                .put((byte) 1)
                .putShort((short) pps.length)
                .put(pps)
                .array();
    }

    private static byte[] block(int afterStartMs, Clip.AccessUnit unit) {
        List<byte[]> nals = nals(unit.annexB());
        nals.removeIf(nal -> (nal[0] & 0x1f) == NAL_DELIMITER);
        int size = nals.stream().mapToInt(nal -> 4 + nal.length).sum();
        ByteBuffer block = ByteBuffer.allocate(4 + size);
        block.put((byte) 0x81).putShort((short) afterStartMs).put((byte) (unit.key() ? 0x80 : 0));
        nals.forEach(nal -> block.putInt(nal.length).put(nal));
        return block.array();
    }

    /** Splits at start codes of three bytes, with or without a zero before. */
    static List<byte[]> nals(byte[] annexB) {
        List<byte[]> nals = new ArrayList<>();
        int begin = -1;
        for (int i = 0; i + 2 < annexB.length; i++) {
            if (annexB[i] == 0 && annexB[i + 1] == 0 && annexB[i + 2] == 1) {
                if (begin >= 0) {
                    add(nals, annexB, begin, i);
                }
                begin = i + 3;
                i += 2;
            }
        }
        if (begin >= 0) {
            add(nals, annexB, begin, annexB.length);
        }
        return nals;
    }

    private static void add(List<byte[]> nals, byte[] annexB, int begin, int end) {
        int last = end;
        while (last > begin && annexB[last - 1] == 0) {
            last--; // of the next start code, or trailing zeros
        }
        if (last > begin) {
            nals.add(java.util.Arrays.copyOfRange(annexB, begin, last));
        }
    }

    /** {@return an id as its bytes: it carries its own length} */
    private static byte[] id(int id) {
        int length = (39 - Integer.numberOfLeadingZeros(id)) / 8;
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (id >>> 8 * (length - 1 - i));
        }
        return bytes;
    }

    /** The content of an element that is being put together. */
    private static final class Element {
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private long startMs;

        Element raw(byte[] bytes) {
            content.writeBytes(bytes);
            return this;
        }

        Element element(int id, byte[] bytes) {
            return raw(id(id))
                    .raw(ByteBuffer.allocate(8).putLong(1L << 56 | bytes.length).array())
                    .raw(bytes);
        }

        Element number(int id, long value) {
            return element(id, ByteBuffer.allocate(8).putLong(value).array());
        }

        Element text(int id, String text) {
            return element(id, text.getBytes(StandardCharsets.US_ASCII));
        }

        int size() {
            return content.size();
        }

        byte[] bytes() {
            return content.toByteArray();
        }

        byte[] as(int id) {
            return new Element().element(id, bytes()).bytes();
        }
    }
}

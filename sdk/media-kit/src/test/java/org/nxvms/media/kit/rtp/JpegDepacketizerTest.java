// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.plugins.jpeg.JPEGQTable;
import org.junit.jupiter.api.Test;

/** JPEG images of the Java platform, cut as RFC 2435 says, come back as images with the same pixels. */
class JpegDepacketizerTest {
    private final Packetizer packetizer = new Packetizer(1400, false, Packetizer.Marker.LAST_PACKET, 65_530);
    private final RecordingSink sink = new RecordingSink(1 << 20);
    private final JpegPicture picture = new JpegPicture(0, 0);
    private final JpegDepacketizer depacketizer = new JpegDepacketizer(sink, picture);

    /** What RFC 2435 takes out of an image: tables and scan. */
    private record Parts(byte[] tables, byte[] scan) {}

    private static byte[] image(int width, int height, int seed, float quality) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, x * 5 + seed << 16 | (y * 3 ^ x) << 8 & 0xFF00 | seed * 31 + y & 0xFF);
            }
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (var out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(quality);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return bytes.toByteArray();
    }

    private static Parts parts(byte[] jpeg) {
        ByteBuffer in = ByteBuffer.wrap(jpeg).position(2);
        ByteArrayOutputStream tables = new ByteArrayOutputStream();
        while (true) {
            int marker = in.getShort() & 0xFFFF;
            int next = in.position() + (in.getShort(in.position()) & 0xFFFF);
            if (marker == 0xFFDB) {
                for (int at = in.position() + 2; at < next; at += 65) {
                    tables.write(jpeg, at + 1, 64);
                }
            } else if (marker == 0xFFDA) {
                return new Parts(tables.toByteArray(), Arrays.copyOfRange(jpeg, next, jpeg.length));
            }
            in.position(next);
        }
    }

    private List<byte[]> packets(Parts parts, int type, int q, int width, int height, long time) {
        List<byte[]> packets = new ArrayList<>();
        byte[] scan = parts.scan();
        for (int at = 0; at < scan.length; ) {
            ByteBuffer payload = ByteBuffer.allocate(1400);
            payload.putInt(at)
                    .put((byte) type)
                    .put((byte) q)
                    .put((byte) (width + 7 >> 3))
                    .put((byte) (height + 7 >> 3));
            if (type >= 64) {
                payload.putShort((short) 4).putShort((short) 0xFFFF);
            }
            if (at == 0 && q >= 128) {
                payload.putShort((short) 0)
                        .putShort((short) parts.tables().length)
                        .put(parts.tables());
            }
            int size = Math.min(payload.remaining(), scan.length - at);
            payload.put(scan, at, size);
            at += size;
            packets.add(
                    packetizer.rtp(Arrays.copyOf(payload.array(), payload.position()), 26, at == scan.length, time));
        }
        return packets;
    }

    private static void assertSamePixels(byte[] actual, byte[] expected) throws IOException {
        BufferedImage a = ImageIO.read(new ByteArrayInputStream(actual));
        BufferedImage b = ImageIO.read(new ByteArrayInputStream(expected));
        assertThat(a.getWidth()).isEqualTo(b.getWidth());
        assertThat(a.getHeight()).isEqualTo(b.getHeight());
        int[] left = a.getRGB(0, 0, a.getWidth(), a.getHeight(), null, 0, a.getWidth());
        assertThat(left).isEqualTo(b.getRGB(0, 0, b.getWidth(), b.getHeight(), null, 0, b.getWidth()));
    }

    @Test
    void picturesWithTheirOwnTablesComeBackPixelByPixel() throws Exception {
        byte[] first = image(320, 240, 1, 0.9f);
        byte[] second = image(320, 240, 2, 0.5f);
        List<byte[]> packets = new ArrayList<>(packets(parts(first), 1, 255, 320, 240, 0));
        assertThat(packets).hasSizeGreaterThan(3);
        packets.addAll(packets(parts(second), 1, 255, 320, 240, 9000));
        Packetizer.feed(packets, depacketizer);

        assertThat(sink.units).hasSize(2).allMatch(RecordingSink.Unit::key);
        assertSamePixels(sink.units.get(0).bytes(), first);
        assertSamePixels(sink.units.get(1).bytes(), second);
        assertThat(sink.units.get(1).timestamp()).isEqualTo(9000);
        assertThat(sink.formatChanges).isEqualTo(1);
        assertThat(picture.format().codecString()).isEqualTo("mp4v.6C");
    }

    @Test
    void tablesThatAreSentOnceForAQServeAllPicturesOfThatQ() throws Exception {
        byte[] image = image(64, 48, 3, 0.7f);
        Parts whole = parts(image);
        List<byte[]> packets = new ArrayList<>(packets(whole, 1, 200, 64, 48, 0));
        packets.addAll(packets(new Parts(new byte[0], whole.scan()), 1, 200, 64, 48, 9000));
        packets.addAll(packets(new Parts(new byte[0], whole.scan()), 1, 201, 64, 48, 18_000));
        Packetizer.feed(packets, depacketizer);

        assertThat(sink.units).hasSize(2);
        assertSamePixels(sink.units.get(1).bytes(), image);
        assertThat(depacketizer.dropped()).as("a Q whose tables never came").isEqualTo(1);
    }

    @Test
    void tablesOfAPlainQAreThoseOfTheStandardScaled() {
        for (int q : new int[] {1, 10, 49, 50, 80, 99}) {
            ByteBuffer tables = ByteBuffer.allocate(128);
            JpegTables.scaled(q, tables);
            float factor = (q < 50 ? 5000f / q : 200 - 2 * q) / 100;
            if (q >= 50 || 5000 % q == 0) {
                assertTable(tables.array(), 0, JPEGQTable.K1Luminance.getScaledInstance(factor, true));
                assertTable(tables.array(), 64, JPEGQTable.K2Chrominance.getScaledInstance(factor, true));
            }
        }
    }

    /** The platform keeps its tables row by row, packets in zigzag order; a sorted comparison needs no table of that. */
    private static void assertTable(byte[] tables, int from, JPEGQTable expected) {
        int[] ours = new int[64];
        for (int i = 0; i < 64; i++) {
            ours[i] = tables[from + i] & 0xFF;
        }
        assertThat(ours[0]).isEqualTo(expected.getTable()[0]);
        assertThat(ours[1]).isEqualTo(expected.getTable()[1]);
        assertThat(ours[2]).isEqualTo(expected.getTable()[8]);
        Arrays.sort(ours);
        assertThat(ours).isEqualTo(Arrays.stream(expected.getTable()).sorted().toArray());
    }

    @Test
    void aPictureOfPlainQDecodes() throws Exception {
        // The Java platform's quality 0.5 is Q 50: the tables of the standard as they are.
        byte[] image = image(160, 120, 4, 0.5f);
        Packetizer.feed(packets(parts(image), 1, 50, 160, 120, 0), depacketizer);
        assertSamePixels(sink.units.get(0).bytes(), image);
    }

    @Test
    void theExactSizeOfTheSessionDescriptionCountsUnlessPacketsContradict() throws Exception {
        JpegPicture announced = new JpegPicture(317, 233);
        byte[] image = image(317, 233, 5, 0.8f);
        List<byte[]> packets = new ArrayList<>(packets(parts(image), 1, 255, 317, 233, 0));
        Packetizer.feed(packets, new JpegDepacketizer(sink, announced));
        assertThat(announced.format().width()).isEqualTo(317);
        assertSamePixels(sink.units.get(0).bytes(), image);

        byte[] smaller = image(160, 120, 5, 0.8f);
        Packetizer.feed(packets(parts(smaller), 1, 255, 160, 120, 9000), new JpegDepacketizer(sink, announced));
        assertThat(announced.format().width()).isEqualTo(160);
        assertThat(sink.formatChanges).isEqualTo(2);
    }

    @Test
    void restartMarkersAreAnnouncedInTheHeader() {
        Packetizer.feed(packets(parts(image(64, 64, 6, 0.9f)), 65, 255, 64, 64, 0), depacketizer);
        String hex = HexFormat.of().formatHex(sink.units.get(0).bytes());
        assertThat(hex).contains("ffdd00040004").endsWith("ffd9");
    }

    @Test
    void aPictureWithAHoleIsDroppedAndTheNextOneSaysSo() {
        byte[] image = image(320, 240, 7, 0.9f);
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            packets.addAll(packets(parts(image), 1, 255, 320, 240, 9000L * i));
        }
        int each = packets.size() / 3;
        packets.remove(each + 2);
        Packetizer.feed(packets, depacketizer);

        assertThat(sink.units).hasSize(2);
        assertThat(sink.units.get(1).timestamp()).isEqualTo(18_000);
        assertThat(sink.units.get(1).afterLoss()).isTrue();
        assertThat(depacketizer.dropped()).isEqualTo(1);
    }

    @Test
    void aCameraThatNeverSetsTheMarkerLosesNothing() throws Exception {
        byte[] image = image(320, 240, 8, 0.9f);
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            packets.addAll(packets(parts(image), 1, 255, 320, 240, 9000L * i));
        }
        packets.forEach(packet -> packet[1] &= 0x7F);
        Packetizer.feed(packets, depacketizer);
        assertThat(sink.units).as("the last one's end was not seen").hasSize(2);
        assertSamePixels(sink.units.get(1).bytes(), image);
    }

    @Test
    void markerSegmentsInTheHeaderExtensionReplaceOursForPicturesTooLargeForThePacket() throws Exception {
        byte[] image = image(2560, 64, 9, 0.8f);
        byte[] segments = segments(image);
        List<byte[]> packets = packets(parts(image), 1, 255, 0, 0, 0);
        byte[] first = packets.get(0);
        ByteBuffer extended = ByteBuffer.allocate(first.length + 4 + segments.length);
        extended.put(first, 0, 12).put(0, (byte) 0x90);
        extended.putShort((short) 0xFFD8)
                .putShort((short) (segments.length / 4))
                .put(segments);
        extended.put(first, 12, first.length - 12);
        packets.set(0, extended.array());
        Packetizer.feed(packets, depacketizer);

        assertThat(picture.format().width()).isEqualTo(2560);
        assertSamePixels(sink.units.get(0).bytes(), image);
    }

    /** The image's segments between SOI and SOS, filled to words as a header extension is. */
    private static byte[] segments(byte[] jpeg) {
        int end = new String(jpeg, StandardCharsets.ISO_8859_1).indexOf("\u00FF\u00DA");
        int length = end - 2;
        byte[] segments = new byte[length + 3 & ~3];
        Arrays.fill(segments, (byte) 0xFF);
        System.arraycopy(jpeg, 2, segments, 0, length);
        return segments;
    }

    @Test
    void typesNobodyDefinedAndTornHeadersAreDropped() {
        Parts parts = parts(image(64, 64, 10, 0.9f));
        List<byte[]> packets = new ArrayList<>(packets(parts, 2, 255, 64, 64, 0));
        packets.addAll(packets(parts, 200, 255, 64, 64, 9000));
        packets.addAll(packets(parts, 1, 0, 64, 64, 18_000));
        packets.addAll(packets(parts, 1, 255, 0, 64, 27_000));
        packets.add(packetizer.rtp(new byte[] {0, 0, 0, 0, 1, (byte) 255, 8, 8, 0, 0, 1}, 26, true, 36_000));
        packets.add(packetizer.rtp(new byte[5], 26, true, 45_000));
        Packetizer.feed(packets, depacketizer);
        assertThat(sink.units).isEmpty();
        assertThat(depacketizer.dropped()).isGreaterThanOrEqualTo(6);
    }
}

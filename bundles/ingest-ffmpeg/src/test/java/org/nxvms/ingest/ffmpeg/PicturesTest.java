// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.platform.api.worker.SourceTrack;

/** A container's packets become the hub's access units, whatever their framing. */
class PicturesTest {
    /** Remembers what was appended. */
    private static final class Bytes implements UnitBytes {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        @Override
        public boolean append(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            out.writeBytes(copy);
            return true;
        }

        @Override
        public boolean appendInt(int value) {
            out.writeBytes(ByteBuffer.allocate(4).putInt(value).array());
            return true;
        }
    }

    private static SourceTrack track(String codec, byte[] configuration) {
        return new SourceTrack(codec, true, 90_000, 0, 0, 0, 0, configuration);
    }

    @Test
    void startCodesBecomeLengthsAndParameterSetsAFormat() throws Exception {
        Pictures pictures = Pictures.of(Clip.track()).orElseThrow();
        assertThat(pictures.format().complete()).isFalse();
        for (Clip.Packet packet : Clip.packets()) {
            Bytes unit = new Bytes();
            assertThat(pictures.take(ByteBuffer.wrap(packet.annexB()), unit)).isTrue();
            assertThat(unit.out.toByteArray()).isEqualTo(packet.stored(4));
            assertThat(pictures.key()).isEqualTo(packet.key());
        }
        assertThat(pictures.format().format().width()).isEqualTo(64);
        assertThat(pictures.formatChanged()).isTrue();
        assertThat(pictures.formatChanged()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void lengthsOfAnySizeBecomeFourBytes(int lengthBytes) throws Exception {
        Pictures pictures = Pictures.of(track("h264", Clip.record(lengthBytes))).orElseThrow();
        assertThat(pictures.format().format().height()).isEqualTo(48);
        for (Clip.Packet packet : Clip.packets()) {
            if (lengthBytes > 1 || packet.annexB().length < 256) {
                Bytes unit = new Bytes();
                assertThat(pictures.take(ByteBuffer.wrap(packet.stored(lengthBytes)), unit))
                        .isTrue();
                assertThat(unit.out.toByteArray()).isEqualTo(packet.stored(4));
            }
        }
    }

    @Test
    void aPacketWithoutAPictureIsNone() {
        Pictures pictures = Pictures.of(Clip.track()).orElseThrow();
        assertThat(pictures.take(ByteBuffer.wrap(new byte[] {0, 0, 1, 9, 16}), UnitBytes.NOWHERE))
                .isFalse();
        assertThat(pictures.take(ByteBuffer.allocate(0), UnitBytes.NOWHERE)).isFalse();
        assertThat(pictures.take(ByteBuffer.allocate(100), UnitBytes.NOWHERE)).isFalse();
    }

    @Test
    void theWalkFindsWhatASlowSplitterFinds() {
        byte[] odd = HexFormat.of().parseHex("0000000000010911000001410000030000000000016501020000");
        NalCursor nals = new NalCursor();
        nals.start(ByteBuffer.wrap(odd), 0);
        List<byte[]> found = new ArrayList<>();
        while (nals.next()) {
            byte[] nal = new byte[nals.length()];
            ByteBuffer.wrap(odd).get(nals.offset(), nal);
            found.add(nal);
        }
        assertThat(found).containsExactlyElementsOf(Clip.nals(odd));
    }

    @Test
    void anImageTellsItsSize() throws NalException {
        Pictures pictures = Pictures.of(track("mjpeg", new byte[0])).orElseThrow();
        assertThatThrownBy(() -> pictures.format().format()).isInstanceOf(NalException.class);
        byte[] image = image(160, 120);
        Bytes unit = new Bytes();
        assertThat(pictures.take(ByteBuffer.wrap(image), unit)).isTrue();
        assertThat(unit.out.toByteArray()).isEqualTo(image);
        TrackFormat format = pictures.format().format();
        assertThat(format.width()).isEqualTo(160);
        assertThat(format.height()).isEqualTo(120);
        assertThat(pictures.formatChanged()).isTrue();
        pictures.take(ByteBuffer.wrap(image(160, 120)), unit);
        assertThat(pictures.formatChanged()).isFalse();
        pictures.take(ByteBuffer.wrap(image(320, 240)), unit);
        assertThat(pictures.formatChanged()).isTrue();
        assertThat(pictures.take(ByteBuffer.wrap("GIF89a and so on".getBytes()), unit))
                .isFalse();
    }

    /** Cameras at USB rely on the usual tables; browsers do not know them. */
    @Test
    void anImageWithoutHuffmanTablesGetsTheUsualOnes() throws IOException {
        Pictures pictures = Pictures.of(track("mjpeg", new byte[0])).orElseThrow();
        byte[] whole = jpeg();
        byte[] bare = withoutTables(whole);
        assertThat(bare.length).isLessThan(whole.length - 400);

        Bytes mended = new Bytes();
        ByteBuffer packet = ByteBuffer.wrap(bare);
        assertThat(pictures.take(packet, mended)).isTrue();
        assertThat(packet.hasRemaining()).isFalse();
        assertThat(tables(mended.out.toByteArray())).isEqualTo(tables(whole));
        assertThat(withoutTables(mended.out.toByteArray())).isEqualTo(bare);

        Bytes again = new Bytes();
        pictures.take(ByteBuffer.wrap(bare), again);
        assertThat(again.out.toByteArray()).isEqualTo(mended.out.toByteArray());
        Bytes untouched = new Bytes();
        pictures.take(ByteBuffer.wrap(whole), untouched);
        assertThat(untouched.out.toByteArray()).isEqualTo(whole);
    }

    /** {@return a picture by the JDK, which writes the usual tables} */
    private static byte[] jpeg() throws IOException {
        BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64 * 48; i++) {
            image.setRGB(i % 64, i / 64, i * 40_503);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "jpeg", out);
        return out.toByteArray();
    }

    private static byte[] withoutTables(byte[] jpeg) {
        return segments(jpeg, false);
    }

    private static byte[] tables(byte[] jpeg) {
        return segments(jpeg, true);
    }

    /** {@return the DHT segments before the scan, or all but these} */
    private static byte[] segments(byte[] jpeg, boolean tables) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!tables) {
            out.write(jpeg, 0, 2);
        }
        int at = 2;
        while ((jpeg[at + 1] & 0xFF) != 0xDA) {
            int length = 2 + ((jpeg[at + 2] & 0xFF) << 8 | jpeg[at + 3] & 0xFF);
            if ((jpeg[at + 1] & 0xFF) == 0xC4 == tables) {
                out.write(jpeg, at, length);
            }
            at += length;
        }
        if (!tables) {
            out.write(jpeg, at, jpeg.length - at);
        }
        return out.toByteArray();
    }

    private static byte[] image(int width, int height) {
        return ByteBuffer.allocate(40)
                .putShort((short) 0xFFD8)
                .putInt(0xFFE00006)
                .putInt(0x4A464946)
                .putInt(0xFFC00011)
                .put((byte) 8)
                .putShort((short) height)
                .putShort((short) width)
                .array();
    }

    @Test
    void otherCodecsAreNotTaken() {
        assertThat(Pictures.of(track("vp9", new byte[0]))).isEmpty();
    }
}

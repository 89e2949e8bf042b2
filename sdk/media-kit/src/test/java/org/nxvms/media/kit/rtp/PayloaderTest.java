// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nxvms.media.Codec;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.TestClip;
import org.nxvms.media.kit.nal.AvcParameterSets;
import org.nxvms.media.kit.nal.HevcConfig;
import org.nxvms.media.kit.nal.HevcParameterSets;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;
import org.nxvms.media.kit.sdp.MediaSection;
import org.nxvms.media.kit.sdp.SessionDescription;

/** What is cut into packets comes back out of them as it was, by the depacketizers that cameras' packets go through. */
class PayloaderTest {
    private final RecordingSink sink = new RecordingSink(1 << 20);
    private final CutPackets cut = new CutPackets();

    private List<byte[]> units() {
        return sink.units.stream().map(RecordingSink.Unit::bytes).toList();
    }

    private static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(bytes).nextBytes(noise);
        return noise;
    }

    private static byte[] nal(int head, int bytes) {
        byte[] nal = noise(bytes);
        nal[0] = (byte) head;
        return nal;
    }

    private static byte[] unit(byte[]... nals) {
        ByteBuffer out = ByteBuffer.allocate(
                Arrays.stream(nals).mapToInt(nal -> 4 + nal.length).sum());
        Arrays.stream(nals).forEach(nal -> out.putInt(nal.length).put(nal));
        return out.array();
    }

    @Test
    void aClipOfH264ComesBackWithItsParameterSetsBeforeEachKeyFrame() throws Exception {
        Payloader payloader = Payloader.of(TestClip.format().tracks().get(0));
        List<TestClip.Picture> pictures = TestClip.pictures();
        for (TestClip.Picture picture : pictures) {
            cut.unit(payloader, picture.sample(), picture.key(), picture.pts());
        }
        AvcParameterSets sets = new AvcParameterSets();

        Packetizer.feed(cut.packets(), new H264Depacketizer(sink, sets, true));

        assertThat(units())
                .containsExactlyElementsOf(
                        pictures.stream().map(TestClip.Picture::sample).toList());
        assertThat(sink.units.stream().map(RecordingSink.Unit::timestamp))
                .containsExactlyElementsOf(
                        pictures.stream().map(TestClip.Picture::pts).toList());
        assertThat(sets.config().orElseThrow().toBytes())
                .isEqualTo(TestClip.format().tracks().get(0).configuration());
        assertThat(payloader.leftOut()).isZero();
    }

    /** Just fitting, one byte more, two fragments to the byte, many. */
    @ParameterizedTest
    @CsvSource({"1400", "1401", "2797", "2798", "100000"})
    void aNalUnitOfAnyLengthComesBack(int bytes) throws Exception {
        Payloader payloader = Payloader.of(TestClip.format().tracks().get(0));
        byte[] picture = unit(nal(0x65, 10), nal(0x65, bytes));

        cut.unit(payloader, picture, true, 3_600);
        cut.unit(payloader, unit(nal(0x41, 5)), false, 7_200);
        Packetizer.feed(cut.packets(), new H264Depacketizer(sink, TestClip.parameterSets(), false));

        assertThat(units()).containsExactly(picture, unit(nal(0x41, 5)));
    }

    @Test
    void aKeyFrameThatBringsItsOwnParameterSetsGetsNoOthers() throws Exception {
        Payloader payloader = Payloader.of(TestClip.format().tracks().get(0));

        cut.unit(payloader, unit(nal(0x67, 12), nal(0x68, 4), nal(0x65, 50)), true, 0);

        assertThat(cut.packets()).hasSize(3);
    }

    @Test
    void whatIsNoAccessUnitIsLeftOutAndCounted() throws Exception {
        Payloader payloader = Payloader.of(TestClip.format().tracks().get(0));

        cut.unit(payloader, new byte[] {0, 0, 0, 9, 0x41}, false, 0);
        cut.unit(payloader, new byte[] {(byte) 0xFF, 0, 0, 1, 0x41}, true, 0);
        cut.unit(payloader, new byte[0], false, 0);

        assertThat(cut.packets()).isEmpty();
        assertThat(payloader.leftOut()).isEqualTo(3);
    }

    @Test
    void aClipOfH265ComesBack() throws Exception {
        List<byte[]> nals = TestClip.nals(TestClip.resource("small.h265"));
        TrackFormat track = TrackFormats.h265(new HevcConfig(ofType(nals, 32), ofType(nals, 33), ofType(nals, 34)));
        Payloader payloader = Payloader.of(track);
        byte[] first = unit(
                ofType(nals, 19).isEmpty()
                        ? ofType(nals, 20).get(0)
                        : ofType(nals, 19).get(0));
        byte[] large = unit(nal(1 << 1, 50_000));
        // Nothing of the layer and temporal id that a depacketizer would not pass on.
        large[5] = 1;

        cut.unit(payloader, first, true, 0);
        cut.unit(payloader, large, false, 3_600);
        Packetizer.feed(cut.packets(), new H265Depacketizer(sink, new HevcParameterSets(), true));

        assertThat(units()).containsExactly(first, large);
    }

    @Test
    void soundOfAacComesBackAlsoWhereAFrameNeedsTwoPackets() throws Exception {
        Payloader payloader = Payloader.of(TrackFormats.aac(TestClip.toneConfig(), 48_000));
        List<byte[]> frames = new ArrayList<>(TestClip.tone().subList(0, 5));
        frames.add(noise(3_000));
        frames.add(noise(8_191));
        for (int i = 0; i < frames.size(); i++) {
            cut.unit(payloader, frames.get(i), true, 1_024L * i);
        }
        cut.unit(payloader, noise(8_192), true, 0);

        Packetizer.feed(cut.packets(), new AacDepacketizer(sink, 13, 3, 3, 1024));

        assertThat(units()).containsExactlyElementsOf(frames);
        assertThat(payloader.leftOut()).isEqualTo(1);
    }

    @Test
    void longSoundIsCutBetweenSamplesAndEachPartHasItsTime() throws Exception {
        Payloader payloader = Payloader.of(TrackFormats.g711(Codec.PCM_ALAW, 8_000, 1));
        byte[] sound = noise(2_500);

        cut.unit(payloader, sound, true, 800);
        Packetizer.feed(cut.packets(), new PlainDepacketizer(sink));

        assertThat(sink.units.stream().map(RecordingSink.Unit::timestamp)).containsExactly(800L, 2_000L, 3_200L);
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        units().forEach(joined::writeBytes);
        assertThat(joined.toByteArray()).isEqualTo(sound);
    }

    @Test
    void opusIsNeverCut() throws Exception {
        Payloader payloader = Payloader.of(TrackFormats.opus(2));

        cut.unit(payloader, noise(400), true, 0);
        cut.unit(payloader, noise(1_401), true, 0);

        assertThat(cut.packets()).hasSize(1);
        assertThat(payloader.leftOut()).isEqualTo(1);
    }

    private static byte[] image(int width, int height, int type) throws IOException {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, x * 5 << 16 | (y * 3 ^ x) << 8 & 0xFF00 | y & 0xFF);
            }
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (var out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam parameters = writer.getDefaultWriteParam();
            parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            parameters.setCompressionQuality(0.8f);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), parameters);
        }
        return bytes.toByteArray();
    }

    private static int[] pixels(byte[] jpeg) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(jpeg));
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    /** The last three: wider than the RFC's header can say, no multiple of eight, and without colours. */
    @ParameterizedTest
    @CsvSource({"320,240,false", "1920,1080,false", "2048,64,false", "317,233,false", "160,120,true"})
    void jpegPicturesComeBackPixelByPixel(int width, int height, boolean grey) throws Exception {
        byte[] image = image(width, height, grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        Payloader payloader = Payloader.of(TrackFormats.mjpeg(width, height));

        cut.unit(payloader, image, true, 9_000);
        cut.unit(payloader, image, true, 18_000);
        Packetizer.feed(cut.packets(), new JpegDepacketizer(sink, new JpegPicture(width, height)));

        assertThat(payloader.leftOut()).isZero();
        assertThat(sink.units).hasSize(2);
        for (byte[] back : units()) {
            assertThat(pixels(back)).isEqualTo(pixels(image));
        }
    }

    @Test
    void whatIsNoBaselineJpegIsLeftOut() throws Exception {
        byte[] image = image(64, 64, BufferedImage.TYPE_INT_RGB);
        byte[] progressive = image.clone();
        for (int i = 0; i + 1 < image.length; i++) {
            if ((image[i] & 0xFF) == 0xFF && (image[i + 1] & 0xFF) == 0xC0) {
                progressive[i + 1] = (byte) 0xC2;
            }
        }
        Payloader payloader = Payloader.of(TrackFormats.mjpeg(64, 64));

        cut.unit(payloader, progressive, true, 0);
        cut.unit(payloader, Arrays.copyOf(image, 100), true, 0);
        cut.unit(payloader, new byte[] {1, 2, 3}, true, 0);

        assertThat(cut.packets()).isEmpty();
        assertThat(payloader.leftOut()).isEqualTo(3);
    }

    /** A frame header that claims 3 KiB, as no camera has it, does not fit what goes along with the first packet. */
    @Test
    void aFrameHeaderThatIsTooLongIsLeftOut() throws Exception {
        byte[] image = image(64, 64, BufferedImage.TYPE_BYTE_GRAY);
        ByteBuffer padded = ByteBuffer.allocate(image.length + 3_000);
        int at = 2;
        while ((image[at + 1] & 0xFF) != 0xC0) {
            at += 2 + (ByteBuffer.wrap(image).getShort(at + 2) & 0xFFFF);
        }
        int bytes = ByteBuffer.wrap(image).getShort(at + 2) & 0xFFFF;
        padded.put(image, 0, at + 2).putShort((short) (bytes + 3_000)).put(image, at + 4, bytes - 2);
        padded.position(padded.position() + 3_000).put(image, at + 2 + bytes, image.length - at - 2 - bytes);
        Payloader payloader = Payloader.of(TrackFormats.mjpeg(64, 64));

        cut.unit(payloader, padded.array(), true, 0);
        cut.unit(payloader, image, true, 9_000);

        assertThat(payloader.leftOut()).isEqualTo(1);
        assertThat(cut.packets()).isNotEmpty();
    }

    private static MediaSection section(TrackFormat track) throws Exception {
        List<String> lines = new ArrayList<>(List.of("v=0", "s=x"));
        lines.addAll(PayloadDescription.of(track, 3).lines());
        return SessionDescription.parse(String.join("\r\n", lines).getBytes(StandardCharsets.UTF_8))
                .media()
                .get(0);
    }

    @Test
    void descriptionsAreReadAsTheyWereMeant() throws Exception {
        MediaSection h264 = section(TestClip.format().tracks().get(0));
        MediaSection aac = section(TrackFormats.aac(TestClip.toneConfig(), 48_000));
        AvcParameterSets sets = new AvcParameterSets();

        assertThat(sets.offerSprop(h264.formatParameters(99).get("sprop-parameter-sets")))
                .isTrue();
        assertThat(sets.config().orElseThrow().toBytes())
                .isEqualTo(TestClip.format().tracks().get(0).configuration());
        assertThat(aac.rtpMap()).contains(new MediaSection.RtpMap(99, "MPEG4-GENERIC", 48_000, 1));
        assertThat(aac.formatParameters(99)).containsEntry("config", "1188").containsEntry("sizelength", "13");
        assertThat(section(TrackFormats.g711(Codec.PCM_MULAW, 8_000, 1)).payloadTypes())
                .containsExactly(0);
        assertThat(section(TrackFormats.g711(Codec.PCM_ALAW, 16_000, 1)).rtpMap())
                .contains(new MediaSection.RtpMap(99, "PCMA", 16_000, 1));
        assertThat(section(TrackFormats.opus(1)).rtpMap()).contains(new MediaSection.RtpMap(99, "OPUS", 48_000, 2));
        assertThat(section(TrackFormats.mjpeg(64, 64)).payloadTypes()).containsExactly(26);
        assertThat(section(TrackFormats.g726(4, 8_000, 1)).rtpMap())
                .contains(new MediaSection.RtpMap(99, "AAL2-G726-32", 8_000, 1));
    }

    private static List<byte[]> ofType(List<byte[]> nals, int type) {
        return nals.stream()
                .filter(nal -> (nal[0] >> 1 & 0x3F) == type)
                .limit(1)
                .toList();
    }

    @Test
    void aCodecThatIsNotCarriedIsSaid() {
        assertThatExceptionOfType(NalException.class)
                .isThrownBy(() -> Payloader.of(TrackFormats.onvifMetadata(90_000)))
                .withMessageContaining("ONVIF_METADATA");
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.TestClip;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.nal.TrackFormats;

/** Every codec's sample entry is read back as the format it was written from, and has the name players look for. */
class SampleEntriesTest {
    static Stream<TrackFormat> sideTracks() throws NalException {
        return Stream.of(
                TrackFormats.aac(TestClip.toneConfig(), 48_000),
                TrackFormats.aac(new byte[] {0x2B, 0x0A, (byte) 0x88, 0}, 44_100),
                TrackFormats.g711(Codec.PCM_MULAW, 8000, 1),
                TrackFormats.g711(Codec.PCM_ALAW, 16_000, 2),
                TrackFormats.g726(2, 8000, 1),
                TrackFormats.g726(5, 8000, 1),
                TrackFormats.opus(1),
                TrackFormats.opus(2),
                TrackFormats.onvifMetadata(90_000));
    }

    @ParameterizedTest
    @MethodSource("sideTracks")
    void aTrackBesideThePictureIsReadBackAsItWasWritten(TrackFormat track) throws Exception {
        StreamFormat format =
                new StreamFormat(List.of(TestClip.format().tracks().get(0), track));
        assertThat(InitReader.read(ByteBuffer.wrap(InitSegment.build(format))).format())
                .isEqualTo(format);
    }

    @Test
    void motionJpegIsTheRegisteredObjectTypeOfMpeg4Video() throws Exception {
        StreamFormat format = new StreamFormat(List.of(TrackFormats.mjpeg(1920, 1080)));
        byte[] init = InitSegment.build(format);
        assertThat(text(init)).contains("mp4v", "esds", "vmhd");
        assertThat(InitReader.read(ByteBuffer.wrap(init)).format()).isEqualTo(format);
        assertThat(format.codecs()).isEqualTo("mp4v.6C");
    }

    @Test
    void metadataHasAHandlerOfItsOwnAndNoPartInTheCodecsParameter() {
        StreamFormat format =
                new StreamFormat(List.of(TestClip.format().tracks().get(0), TrackFormats.onvifMetadata(90_000)));
        assertThat(text(InitSegment.build(format)))
                .contains("nmhd", "metx", "http://www.onvif.org/ver10/schema")
                .containsPattern("hdlr.{8}meta");
        assertThat(format.codecs()).startsWith("avc1.").doesNotContain(",");
    }

    @Test
    void theSampleRateOfAacIsItsOwnEvenWhenItsClockRunsFaster() throws Exception {
        TrackFormat track = TrackFormats.aac(new byte[] {0x13, 0x10}, 48_000);
        byte[] init = InitSegment.build(new StreamFormat(List.of(track)));
        ByteBuffer entry = ByteBuffer.wrap(init, text(init).indexOf("mp4a"), 32);
        assertThat(entry.getInt(entry.position() + 28) >>> 16).isEqualTo(24_000);
        assertThat(TrackFormats.unitTicks(track)).isEqualTo(2048);
    }

    @Test
    void anEntryOfAnotherKindIsRefusedByName() {
        byte[] init = InitSegment.build(new StreamFormat(List.of(TrackFormats.mjpeg(640, 480))));
        int objectType = text(init).indexOf("esds") + 4 + 4 + 5 + 2;
        assertThat(init[objectType]).isEqualTo((byte) 0x6C);
        init[objectType] = 0x20;
        assertThatThrownBy(() -> InitReader.read(ByteBuffer.wrap(init)))
                .isInstanceOf(Mp4Exception.class)
                .hasMessageContaining("mp4v of object type 20");
    }

    private static String text(byte[] init) {
        return new String(init, StandardCharsets.ISO_8859_1);
    }
}

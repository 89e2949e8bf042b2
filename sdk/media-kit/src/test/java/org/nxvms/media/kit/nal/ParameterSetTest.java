// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.nal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.TestClip;

/** Parameter sets that encoders and cameras really send. */
class ParameterSetTest {
    private static H264Sps sps(String hex) throws NalException {
        return H264Sps.parse(HexFormat.of().parseHex(hex));
    }

    @ParameterizedTest
    @CsvSource({
        // libx264 1080p25 High 4.0, cropped from 1088 lines
        "67640028acd940780227e5c044000003000400000300c83c60c658, 1920, 1080, avc1.640028, 25",
        // a camera's Baseline VGA without VUI
        "6742001e95a8280f64, 640, 480, avc1.42001E, 0",
        // Main 4.1 1280x720
        "674d0029e2900a00b7fe00020000300200000fa0011940, 1280, 720, avc1.4D0029, 0",
    })
    void sizeAndCodecStringAreRead(String hex, int width, int height, String codec, double fps) throws Exception {
        H264Sps sps = sps(hex);

        assertThat(sps.width()).isEqualTo(width);
        assertThat(sps.height()).isEqualTo(height);
        assertThat(sps.codecString()).isEqualTo(codec);
        if (fps > 0) {
            assertThat(sps.framesPerSecond()).hasValue(fps);
        }
    }

    @Test
    void reorderDepthIsZeroForBaselineAndAsToldOtherwise() throws Exception {
        assertThat(sps("6742001e95a8280f64").reorderDepth()).hasValue(0);
        assertThat(TestClip.parameterSets().config().orElseThrow().parseSps().reorderDepth())
                .hasValue(2);
    }

    @Test
    void aTornSpsIsRefusedAndNeverBecomesAFormat() {
        byte[] whole = HexFormat.of().parseHex("67640028acd940780227e5c044000003000400000300c83c60c658");
        for (int length = 4; length < 10; length++) {
            byte[] torn = java.util.Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> H264Sps.parse(torn)).isInstanceOf(NalException.class);
            assertThat(new AvcParameterSets().offer(ByteBuffer.wrap(torn), 0, length))
                    .isFalse();
        }
    }

    @Property
    void anythingIsEitherReadOrRefused(@ForAll @Size(max = 200) byte[] bytes) {
        byte[] nal = bytes.clone();
        if (nal.length > 0) {
            nal[0] = 0x67;
        }
        try {
            H264Sps sps = H264Sps.parse(nal);
            assertThat(sps.width()).isBetween(1, 16384);
            assertThat(sps.height()).isBetween(1, 32768);
        } catch (NalException refused) {
            assertThat(refused).hasMessageNotContaining("null");
        }
    }

    @Test
    void avcCKeepsItsSetsAndSaysWhatIsWrong() throws Exception {
        AvcConfig config = TestClip.parameterSets().config().orElseThrow();
        byte[] bytes = config.toBytes();
        AvcConfig again = AvcConfig.parse(bytes);

        assertThat(again.toBytes()).isEqualTo(bytes);
        assertThat(again.sps().get(0)).isEqualTo(config.sps().get(0));
        assertThat(bytes[bytes.length - 4] & 0xFC).as("high profile fields").isEqualTo(0xFC);
        bytes[4] = (byte) 0xFC;
        assertThatThrownBy(() -> AvcConfig.parse(bytes)).hasMessageContaining("lengths of 1 bytes");
        assertThatThrownBy(() -> AvcConfig.parse(new byte[] {1, 2, 3})).hasMessageContaining("not an avcC");
    }

    @Test
    void sameSetsAreNoNewsAndOtherSetsAre() {
        AvcParameterSets sets = TestClip.parameterSets();
        for (byte[] nal : TestClip.pictures().get(0).nals()) {
            assertThat(sets.offer(ByteBuffer.wrap(nal), 0, nal.length)).isFalse();
        }
        byte[] other = HexFormat.of().parseHex("6742001e95a8280f64");
        assertThat(sets.offer(ByteBuffer.wrap(other), 0, other.length)).isTrue();
        assertThat(sets.config().orElseThrow().sps()).hasSize(1);
    }

    @Test
    void spropOfASessionDescriptionIsTakenAndNonsenseSkipped() {
        AvcParameterSets sets = new AvcParameterSets();
        sets.offerSprop("!!!,Z0IAHpWoKA9k,aM48gA==");
        assertThat(sets.complete()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1188,2,48000,1", "1210,2,44100,2", "1408,2,16000,1", "1590,2,8000,2"})
    void audioConfigIsReadAndWritten(String hex, int type, int rate, int channels) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(hex);
        AudioSpecificConfig config = AudioSpecificConfig.parse(bytes);

        assertThat(config).isEqualTo(new AudioSpecificConfig(type, rate, channels));
        assertThat(config.toBytes()).isEqualTo(bytes);
        assertThat(AudioSpecificConfig.parse(new AudioSpecificConfig(2, 10_000, 2).toBytes()))
                .isEqualTo(new AudioSpecificConfig(2, 10_000, 2));
    }

    @Test
    void aTrackFormatCarriesWhatTheSpsSays() throws Exception {
        TrackFormat track = TrackFormats.h264(TestClip.parameterSets().config().orElseThrow());

        assertThat(track.width()).isEqualTo(64);
        assertThat(track.height()).isEqualTo(48);
        assertThat(track.frameRate()).isEqualTo(25);
        assertThat(track.codecString()).startsWith("avc1.64");
        assertThat(TrackFormats.reorderDepth(track)).hasValue(2);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.nxvms.media.Codec;
import org.nxvms.platform.api.worker.SourceTrack;

class SoundTest {
    /** AAC LC, 44.1 kHz, two channels, no checksum, a payload of two bytes. */
    private static final String ADTS = "fff15080013ffc2110";

    private static SourceTrack track(String codec, int rate, int channels, String configuration) {
        return new SourceTrack(
                codec, false, rate, 0, 0, 0, channels, HexFormat.of().parseHex(configuration));
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }

    @Test
    void adtsHeadersTellTheFormatAndAreTakenOff() {
        Sound sound = Sound.of(track("aac", 44_100, 2, "")).orElseThrow();
        assertThat(sound.format())
                .as("guessed, so that the first run can begin")
                .isPresent();
        ByteBuffer packet = bytes(ADTS);
        assertThat(sound.take(packet)).isTrue();
        assertThat(packet.remaining()).isEqualTo(2);
        assertThat(sound.format().orElseThrow().codecString()).isEqualTo("mp4a.40.2");
        assertThat(sound.format().orElseThrow().configuration()).isEqualTo(new byte[] {0x12, 0x10});
        assertThat(sound.formatChanged()).as("as guessed").isFalse();
        // The same with one channel.
        assertThat(sound.take(bytes("fff15040013ffc2110"))).isTrue();
        assertThat(sound.formatChanged()).isTrue();
        assertThat(sound.format().orElseThrow().channels()).isEqualTo(1);
    }

    @Test
    void whatTheContainerDescribesIsLeftAsItIs() {
        Sound sound = Sound.of(track("aac", 44_100, 2, "1210")).orElseThrow();
        ByteBuffer packet = bytes(ADTS);
        assertThat(sound.take(packet)).isTrue();
        assertThat(packet.remaining()).isEqualTo(ADTS.length() / 2);
    }

    @Test
    void telephonesAndOpusPass() {
        assertThat(Sound.of(track("pcm_mulaw", 8_000, 1, ""))
                        .orElseThrow()
                        .format()
                        .orElseThrow()
                        .codec())
                .isEqualTo(Codec.PCM_MULAW);
        assertThat(Sound.of(track("pcm_alaw", 8_000, 1, ""))
                        .orElseThrow()
                        .format()
                        .orElseThrow()
                        .codec())
                .isEqualTo(Codec.PCM_ALAW);
        assertThat(Sound.of(track("opus", 48_000, 2, ""))
                        .orElseThrow()
                        .format()
                        .orElseThrow()
                        .codec())
                .isEqualTo(Codec.OPUS);
    }

    @Test
    void whatIsNotRecordedIsLeftOut() {
        assertThat(Sound.of(track("ac3", 48_000, 6, ""))).isEmpty();
        assertThat(Sound.of(track("opus", 48_000, 6, ""))).isEmpty();
        assertThat(Sound.of(track("aac", 0, 2, ""))).isEmpty();
        assertThat(Sound.of(track("aac", 44_100, 99, ""))).isEmpty();
    }
}

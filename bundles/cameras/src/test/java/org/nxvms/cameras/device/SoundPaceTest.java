// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.AudioOut.Codec;

/** Sound goes out as fast as it is heard. */
class SoundPaceTest {
    private static final AudioOut.Format SPEECH = new AudioOut.Format(Codec.PCMU, 8_000, 1);

    private static long ms(long ms) {
        return TimeUnit.MILLISECONDS.toNanos(ms);
    }

    @Test
    void whoHurriesWaitsAndWhoPausesOwesNothing() {
        SoundPace pace = new SoundPace(SPEECH, 0);
        for (int i = 0; i < 20; i++) {
            assertThat(pace.waitNs(0)).as("frame " + i + " is ahead of time").isZero();
            pace.sent(new byte[160], 0);
        }
        pace.sent(new byte[160], 0);
        assertThat(pace.waitNs(0)).isEqualTo(ms(20));
        assertThat(pace.waitNs(ms(15))).isEqualTo(ms(5));
        assertThat(pace.waitNs(ms(60_000))).isZero();
        pace.sent(new byte[160], ms(60_000));
        assertThat(pace.waitNs(ms(60_000)))
                .as("a minute of silence is not made up for")
                .isZero();
    }

    @Test
    void aFrameLastsAsItsCodecSays() {
        assertThat(SoundPace.durationNs(new AudioOut.Format(Codec.PCMA, 16_000, 2), new byte[640]))
                .isEqualTo(ms(20));
        assertThat(SoundPace.durationNs(new AudioOut.Format(Codec.AAC, 16_000, 1), new byte[300]))
                .isEqualTo(ms(64));
        AudioOut.Format opus = new AudioOut.Format(Codec.OPUS, 48_000, 1);
        // Examples of RFC 6716, table 2: SILK wide band 20 ms, CELT full band 2.5 ms twice, hybrid 10 ms three times.
        assertThat(SoundPace.durationNs(opus, new byte[] {9 << 3, 0})).isEqualTo(ms(20));
        assertThat(SoundPace.durationNs(opus, new byte[] {(byte) (28 << 3 | 1), 0}))
                .isEqualTo(ms(5));
        assertThat(SoundPace.durationNs(opus, new byte[] {12 << 3 | 3, 3})).isEqualTo(ms(30));
        assertThat(SoundPace.durationNs(opus, new byte[] {3})).isEqualTo(ms(10));
    }
}

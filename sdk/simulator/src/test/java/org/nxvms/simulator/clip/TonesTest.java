// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TonesTest {
    @Test
    void codewordsAreThoseOfTheStandardsTables() {
        assertThat(Tones.muLaw(0)).isEqualTo((byte) 0xff);
        assertThat(Tones.muLaw(32_767)).isEqualTo((byte) 0x80);
        assertThat(Tones.muLaw(-32_767)).isEqualTo((byte) 0x00);
        assertThat(Tones.aLaw(0)).isEqualTo((byte) 0xd5);
        assertThat(Tones.aLaw(32_767)).isEqualTo((byte) 0xaa);
        assertThat(Tones.aLaw(-32_768)).isEqualTo((byte) 0x2a);
    }

    @Test
    void decodingGivesTheSampleWithinTheStepOfItsSegment() {
        for (int sample = -32_600; sample < 32_600; sample += 13) {
            int step = Math.max(16, Math.abs(sample) / 16);
            assertThat(decodeMuLaw(Tones.muLaw(sample))).isBetween(sample - step, sample + step);
            assertThat(decodeALaw(Tones.aLaw(sample))).isBetween(sample - step, sample + step);
        }
    }

    @Test
    void theLoopIsWholeFramesOfEachCodecAndBeepsAtEachSecond() {
        float[] samples = Tones.samples(Tones.AAC_RATE);
        assertThat(samples.length % Tones.AAC_FRAME_SAMPLES).isZero();
        assertThat(Tones.muLaw()).hasSize(Tones.LOOP_SECONDS * Tones.G711_RATE);
        assertThat(Tones.aLaw()).hasSize(Tones.LOOP_SECONDS * Tones.G711_RATE);
        for (int second = 0; second < Tones.LOOP_SECONDS; second++) {
            int start = second * Tones.AAC_RATE;
            assertThat(loudest(samples, start, start + 5000)).isGreaterThan(0.3f);
            assertThat(loudest(samples, start + 6000, start + Tones.AAC_RATE)).isLessThan(0.05f);
        }
    }

    private static float loudest(float[] samples, int from, int to) {
        float loudest = 0;
        for (int i = from; i < to; i++) {
            loudest = Math.max(loudest, Math.abs(samples[i]));
        }
        return loudest;
    }

    private static int decodeMuLaw(byte coded) {
        int bits = ~coded & 0xff;
        int magnitude = (((bits & 0x0f) << 3) + 0x84 << (bits >> 4 & 7)) - 0x84;
        return (bits & 0x80) != 0 ? -magnitude : magnitude;
    }

    private static int decodeALaw(byte coded) {
        int bits = (coded & 0xff) ^ 0x55;
        int exponent = bits >> 4 & 7;
        int magnitude = (bits & 0x0f) << 4;
        magnitude = exponent == 0 ? magnitude + 8 : magnitude + 0x108 << exponent - 1;
        return (bits & 0x80) != 0 ? magnitude : -magnitude;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

/**
 * The sound of the clip: a quiet hum and a beep at each full second, eight rising beeps to a loop, so that a listener
 * (or a test) hears which second it is.
 */
public final class Tones {
    public static final int LOOP_SECONDS = 8;
    public static final int AAC_RATE = 48_000;
    public static final int AAC_FRAME_SAMPLES = 1024;
    public static final int G711_RATE = 8_000;

    private static final double BEEP_SECONDS = 0.12;
    private static final int BASE_HZ = 500;
    private static final int STEP_HZ = 100;

    private Tones() {}

    /** The loop as linear samples, -1..1. */
    static float[] samples(int rate) {
        float[] samples = new float[LOOP_SECONDS * rate];
        for (int i = 0; i < samples.length; i++) {
            double t = i / (double) rate;
            int second = (int) t;
            double inSecond = t - second;
            double value = 0.02 * Math.sin(2 * Math.PI * 100 * t);
            if (inSecond < BEEP_SECONDS) {
                double envelope = Math.sin(Math.PI * inSecond / BEEP_SECONDS);
                value += 0.4 * envelope * Math.sin(2 * Math.PI * (BASE_HZ + STEP_HZ * second) * inSecond);
            }
            samples[i] = (float) value;
        }
        return samples;
    }

    /** The loop in G.711 mu-law (ITU-T G.711 table 2a), 8 kHz. */
    public static byte[] muLaw() {
        float[] samples = samples(G711_RATE);
        byte[] coded = new byte[samples.length];
        for (int i = 0; i < samples.length; i++) {
            coded[i] = muLaw((int) (samples[i] * 32_000));
        }
        return coded;
    }

    /** The loop in G.711 A-law (ITU-T G.711 table 1a), 8 kHz. */
    public static byte[] aLaw() {
        float[] samples = samples(G711_RATE);
        byte[] coded = new byte[samples.length];
        for (int i = 0; i < samples.length; i++) {
            coded[i] = aLaw((int) (samples[i] * 32_000));
        }
        return coded;
    }

    static byte muLaw(int sample16) {
        int sign = sample16 < 0 ? 0x80 : 0;
        int magnitude = Math.min(32_635, Math.abs(sample16)) + 132;
        int exponent = 24 - Integer.numberOfLeadingZeros(magnitude);
        int mantissa = magnitude >> exponent + 3 & 0x0f;
        return (byte) ~(sign | exponent << 4 | mantissa);
    }

    static byte aLaw(int sample16) {
        int sign = sample16 < 0 ? 0 : 0x80;
        int magnitude = Math.min(32_767, sample16 < 0 ? -sample16 - 1 : sample16) >> 3;
        int exponent = magnitude < 32 ? 0 : 27 - Integer.numberOfLeadingZeros(magnitude);
        int mantissa = exponent == 0 ? magnitude >> 1 & 0x0f : magnitude >> exponent & 0x0f;
        return (byte) ((sign | exponent << 4 | mantissa) ^ 0x55);
    }
}

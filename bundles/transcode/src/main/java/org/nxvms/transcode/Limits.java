// SPDX-License-Identifier: Apache-2.0
package org.nxvms.transcode;

/** See {@link TranscodeService.Config}. */
record Limits(int encodingsMax, int waitingMax, int perUserMax, int lingerMs, int keySeconds) {
    /** What one user may have of all, in quarters, where nothing else is said: the rest is for others. */
    private static final int USER_QUARTERS = 3;

    static Limits of(TranscodeService.Config config) {
        int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        int encodings = config.encodingsMax() == 0 ? half : within(config.encodingsMax(), 1, 64);
        int waiting = within(config.waitingMax(), 0, 64);
        return new Limits(
                encodings,
                waiting,
                config.encodingsPerUserMax() == 0
                        ? Math.max(1, (encodings + waiting) * USER_QUARTERS / 4)
                        : within(config.encodingsPerUserMax(), 1, 128),
                within(config.lingerSeconds(), 1, 300) * 1_000,
                within(config.keySeconds(), 1, 10));
    }

    private static int within(int value, int min, int max) {
        return Math.max(min, Math.min(max, value));
    }
}

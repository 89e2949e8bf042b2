// SPDX-License-Identifier: Apache-2.0
package org.nxvms.transcode;

/** See {@link TranscodeService.Config}. */
record Limits(int encodingsMax, int waitingMax, int lingerMs, int keySeconds) {
    static Limits of(TranscodeService.Config config) {
        int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        return new Limits(
                config.encodingsMax() == 0 ? half : within(config.encodingsMax(), 1, 64),
                within(config.waitingMax(), 0, 64),
                within(config.lingerSeconds(), 1, 300) * 1_000,
                within(config.keySeconds(), 1, 10));
    }

    private static int within(int value, int min, int max) {
        return Math.max(min, Math.min(max, value));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

/** Limits of child processes; see {@link FfmpegWorker.Config} for their meaning. */
record Limits(int heapMiB, int memoryMaxMiB, int startTimeoutMs, int hangTimeoutMs, int processesMax) {
    static final Limits DEFAULTS = new Limits(48, 256, 20_000, 4_000, 64);

    static Limits of(FfmpegWorker.Config config) {
        return new Limits(
                within(config.heapMiB(), 32, 1024),
                within(config.memoryMaxMiB(), 96, 8192),
                within(config.startTimeoutMs(), 1_000, 120_000),
                within(config.hangTimeoutMs(), 2_000, 60_000),
                within(config.processesMax(), 1, 1024));
    }

    private static int within(int value, int min, int max) {
        return Math.max(min, Math.min(max, value));
    }
}

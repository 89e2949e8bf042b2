// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

/**
 * Limits of the engine; see {@link RtspIngest.Config} for their meaning. Nanoseconds inside, whatever the configuration
 * says outside.
 */
record Settings(
        long tickNs,
        long patientTickNs,
        long connectTimeoutNs,
        long answerTimeoutNs,
        long firstKeyTimeoutNs,
        long stallTimeoutNs,
        long keyTimeoutNs,
        long reorderWaitNs,
        int connectsPerSecondMax,
        boolean waitForKeyAfterLoss) {
    private static final long MS = 1_000_000L;

    static final Settings DEFAULTS = new Settings(
            10 * MS, 80 * MS, 5000 * MS, 5000 * MS, 20_000 * MS, 10_000 * MS, 120_000 * MS, 100 * MS, 40, false);

    static Settings of(RtspIngest.Config config) {
        return new Settings(
                Math.max(1, config.tickMs()) * MS,
                Math.max(1, Math.max(config.tickMs(), config.unwatchedTickMs())) * MS,
                Math.max(100, config.connectTimeoutMs()) * MS,
                Math.max(100, config.answerTimeoutMs()) * MS,
                Math.max(1000, config.firstKeyTimeoutMs()) * MS,
                Math.max(1000, config.stallTimeoutMs()) * MS,
                Math.max(1000, config.keyTimeoutMs()) * MS,
                Math.max(0, Math.min(1000, config.reorderMs())) * MS,
                Math.max(1, config.connectsPerSecondMax()),
                config.waitForKeyAfterLoss());
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

/**
 * How fast what is missing is fetched, and how far back without being asked for.
 *
 * @param bytesPerSecond read from cameras, all together
 * @param delayMs after a camera came back
 * @param backUs what is missing for longer is not fetched by itself
 */
record FillLimits(long bytesPerSecond, long delayMs, long backUs) {
    static FillLimits of(FillSettings settings) {
        return new FillLimits(
                (long) settings.mebibytesPerSecond() << 20,
                settings.delaySeconds() * 1_000L,
                settings.hoursBack() * 3_600_000_000L);
    }
}

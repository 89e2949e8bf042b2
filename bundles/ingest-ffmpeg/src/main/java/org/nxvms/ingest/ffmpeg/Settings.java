// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Limits of the engine; see {@link FfmpegIngest.Config} for their meaning. */
record Settings(
        int openTimeoutMs,
        int stallTimeoutMs,
        int firstKeyTimeoutMs,
        int connectsPerSecondMax,
        List<Path> fileFolders,
        AddressRanges denied) {
    static Settings of(FfmpegIngest.Config config) {
        return new Settings(
                within(config.openTimeoutMs(), 1_000, 60_000),
                within(config.stallTimeoutMs(), 1_000, 60_000),
                within(config.firstKeyTimeoutMs(), 1_000, 120_000),
                within(config.connectsPerSecondMax(), 1, 100),
                Stream.of(config.fileFolders())
                        .map(String::trim)
                        .filter(folder -> !folder.isEmpty())
                        .map(Path::of)
                        .toList(),
                AddressRanges.parse(config.addressesDenied()));
    }

    private static int within(int value, int min, int max) {
        return Math.max(min, Math.min(max, value));
    }
}

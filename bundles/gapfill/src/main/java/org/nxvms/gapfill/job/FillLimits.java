// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is filled by itself, and how fast.
 *
 * @param all whether all cameras are
 * @param cameras those that are
 * @param bytesPerSecond read from cameras, all together
 * @param delayMs after a camera came back
 * @param backUs what is missing for longer is not fetched by itself
 */
record FillLimits(boolean all, Set<UUID> cameras, long bytesPerSecond, long delayMs, long backUs) {
    private static final Logger LOG = LoggerFactory.getLogger(FillLimits.class);
    private static final String ALL = "all";

    FillLimits {
        cameras = Set.copyOf(cameras);
    }

    static FillLimits of(FillSettings settings) {
        Set<String> words = Stream.of(settings.cameras())
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toSet());
        return new FillLimits(
                words.contains(ALL),
                words.stream()
                        .filter(word -> !word.equals(ALL))
                        .flatMap(FillLimits::id)
                        .collect(Collectors.toSet()),
                (long) settings.mebibytesPerSecond() << 20,
                settings.delaySeconds() * 1_000L,
                settings.hoursBack() * 3_600_000_000L);
    }

    /** A wrong word stops nothing (ADR 64). */
    private static Stream<UUID> id(String word) {
        try {
            return Stream.of(UUID.fromString(word));
        } catch (IllegalArgumentException wrong) {
            LOG.warn(
                    "org.nxvms.gapfill: cameras has '{}', which is neither a camera's id nor all; it is left out",
                    word);
            return Stream.empty();
        }
    }

    boolean isByItself(UUID camera) {
        return all || cameras.contains(camera);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.Volume;

/** What volumes remember of the time, for {@link RetentionClock} after a restart. Cleaners' threads. */
final class TimeMarkers {
    private static final long TIME_US_MAX = TimeUnit.HOURS.toMicros(1);
    private static final Pattern TIME = Pattern.compile("[0-9]{1,18}");

    private final RetentionClock clock;
    private final Map<UUID, Long> remembered = new ConcurrentHashMap<>();

    TimeMarkers(RetentionClock clock) {
        this.clock = clock;
    }

    /**
     * The time that an earlier process believed stands on the volume as a marker; where there is none, the newest
     * footage tells. Written again each hour, so that a restart under a wrong clock is noticed.
     */
    void learn(FootageVolume volume, ChunkIndex index) throws IOException {
        UUID id = volume.volume().id();
        Markers markers = Markers.time(volume.volume());
        if (!remembered.containsKey(id)) {
            OptionalLong told = markers.all().stream()
                    .filter(name -> TIME.matcher(name).matches())
                    .mapToLong(Long::parseLong)
                    .max();
            OptionalLong known = told.isPresent() ? told : newestFootage(index);
            known.ifPresent(clock::learn);
            remembered.put(id, told.orElse(0));
        }
        clock.nowUs();
        long time = clock.expectedUs();
        if (volume.volume().status() == Volume.Status.READY && Math.abs(time - remembered.get(id)) >= TIME_US_MAX) {
            List<String> old = markers.all();
            markers.set(String.valueOf(time));
            for (String one : old) {
                markers.clear(one);
            }
            remembered.put(id, time);
        }
    }

    private static OptionalLong newestFootage(ChunkIndex index) {
        return index.streams(Optional.empty()).stream()
                .flatMap(stream -> index.last(stream).stream())
                .mapToLong(Segment::endUs)
                .max();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.nxvms.platform.api.archive.ChunkIndex;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.spi.VolumeReadable;

/**
 * Reads initialisation segments: any file that begins with one will do. A file that was deleted since, cannot be read, or has other
 * bytes there than the name says (it is their hash) is passed over, and another one tried. Any thread; blocks on disk and for a look-up.
 */
final class InitFiles {
    /** Rows that are looked at: cameras of one model share an initialisation segment, and have very many. */
    private static final int ROWS_MAX = 64;
    /** Files that are tried: who asks waits for it. */
    private static final int FILES_MAX = 8;

    private final IndexWriter rows;
    private final SegmentFiles files;

    InitFiles(IndexWriter rows, SegmentFiles files) {
        this.rows = rows;
        this.files = files;
    }

    /**
     * {@return the initialisation segment of this id; empty when no segment has it}
     *
     * @param index asked only when what waits for its row has none
     * @throws IOException when some have it, and none of those that were tried can be read: what is wrong with the first
     */
    Optional<byte[]> read(String initId, Supplier<ChunkIndex> index) throws IOException {
        List<IOException> failures = new ArrayList<>();
        List<Segment> waiting = rows.waitingSegments().stream()
                .filter(segment -> segment.initId().equals(initId))
                .toList();
        Optional<byte[]> found = first(waiting, failures);
        if (found.isEmpty()) {
            found = first(index.get().withInit(initId, ROWS_MAX), failures);
        }
        if (found.isEmpty() && !failures.isEmpty()) {
            throw failures.get(0);
        }
        return found;
    }

    private Optional<byte[]> first(List<Segment> segments, List<IOException> failures) {
        for (Segment segment : inTurns(segments)) {
            try {
                return Optional.of(files.reading(segment.id(), InitFiles::init));
            } catch (IOException unreadable) {
                failures.add(unreadable);
            }
        }
        return Optional.empty();
    }

    /** Files of one volume mostly fail together: each volume has its turn before the next file of the same. */
    private static List<Segment> inTurns(List<Segment> segments) {
        Map<UUID, Integer> turns = new HashMap<>();
        return segments.stream()
                .map(segment -> Map.entry(turns.merge(segment.volumeId(), 1, Integer::sum), segment))
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .limit(FILES_MAX)
                .toList();
    }

    private static byte[] init(Segment segment, VolumeReadable file) throws IOException {
        byte[] init = new byte[segment.initBytes()];
        ByteBuffer target = ByteBuffer.wrap(init);
        while (target.hasRemaining()) {
            if (file.read(target, target.position()) < 0) {
                throw new FootageDamagedException(segment.path() + " is shorter than its initialisation segment");
            }
        }
        if (!RunFacts.initId(init, init.length).equals(segment.initId())) {
            throw new FootageDamagedException(
                    "The initialisation segment of " + segment.path() + " is not what was recorded");
        }
        return init;
    }
}

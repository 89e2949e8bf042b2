// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.nxvms.platform.api.archive.EvidenceLock;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.ProblemException;

/**
 * Which locks are asked for.
 *
 * @param cameras empty for all
 * @param after where the last page ended
 */
record LockSearch(
        SearchParameters.Range range, Set<UUID> cameras, List<String> words, Optional<LockSearch.Position> after) {
    /** Those of one moment by descending id, so that a page's end is one place. */
    static final Comparator<EvidenceLock> NEWEST_FIRST = Comparator.comparing(Position::of);

    /** Of a lock in that order. */
    record Position(long createdUs, UUID id) implements Comparable<Position> {
        static Position of(EvidenceLock lock) {
            return new Position(lock.createdUs(), lock.id());
        }

        @Override
        public int compareTo(Position other) {
            return createdUs == other.createdUs ? other.id.compareTo(id) : Long.compare(other.createdUs, createdUs);
        }
    }

    static LockSearch of(String from, String to, String cameras, String text, String cursor) {
        return new LockSearch(
                SearchParameters.range(from, to),
                SearchParameters.cameras(cameras),
                SearchParameters.words(text).stream().map(LockSearch::folded).toList(),
                position(cursor));
    }

    /** @param sees whether the caller may know of a camera; by others nothing is found */
    boolean fits(EvidenceLock lock, Predicate<UUID> sees) {
        String searched = folded(lock.reason() + '\n' + lock.createdBy());
        return range.overlaps(lock.fromUs(), lock.toUs())
                && (cameras.isEmpty()
                        || lock.cameraIds().stream().anyMatch(camera -> cameras.contains(camera) && sees.test(camera)))
                && words.stream().allMatch(searched::contains)
                && (after.isEmpty() || after.get().compareTo(Position.of(lock)) < 0);
    }

    private static String folded(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    static String cursor(EvidenceLock lock) {
        return Page.cursor(lock.createdUs() + " " + lock.id());
    }

    private static Optional<Position> position(String cursor) {
        return Page.key(cursor).map(key -> {
            String[] parts = key.split(" ", -1);
            try {
                if (parts.length == 2) {
                    return new Position(Long.parseLong(parts[0]), UUID.fromString(parts[1]));
                }
            } catch (IllegalArgumentException e) {
                throw new ProblemException(SearchParameters.foreignCursor(), e);
            }
            throw SearchParameters.foreignCursor().exception();
        });
    }
}

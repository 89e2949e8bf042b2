// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Removes footage by hand, before its retention is over. In two steps, so that what goes is what was seen before. A
 * segment goes as a whole or not at all: what is only partly in the range stays, and so does what is locked as evidence
 * or still written. The time of what went becomes a gap {@code DELETED_BY_USER}. Any thread; blocks on disk and database.
 *
 * @since 0.1
 */
@ProviderType
public interface FootageRemoval {
    /** Segments of one removal: about two weeks of a camera with two streams. Longer ranges go in parts. */
    int SEGMENTS_MAX = 10_000;

    /**
     * Says what {@link #remove} would do; changes nothing.
     *
     * @throws IllegalArgumentException when there are more than {@link #SEGMENTS_MAX} segments in the range
     * @throws org.nxvms.platform.api.StoreException when the database does not answer
     */
    Plan plan(UUID cameraId, long fromUs, long toUs);

    /**
     * Removes the plan's segments one after the other. Each is looked at again: one that was locked or removed meanwhile
     * is passed by, and so is one on a volume that cannot be written. What breaks off is said in the outcome; what was
     * removed until then stays removed.
     *
     * @param by name of the user
     * @throws org.nxvms.platform.api.StoreException when the database fails before anything was removed
     */
    Outcome remove(Plan plan, String by);

    /**
     * The segments of a camera in a range, all streams.
     *
     * @param removable those that go
     * @param partly those that reach beyond the range and stay; a range as wide as they are takes them in
     * @param locked those that stay as evidence
     * @param growing those that stay because they are still written
     */
    record Plan(
            UUID cameraId, List<Segment> removable, List<Segment> partly, List<Segment> locked, List<Segment> growing) {
        public Plan {
            Objects.requireNonNull(cameraId, "cameraId");
            removable = List.copyOf(removable);
            partly = List.copyOf(partly);
            locked = List.copyOf(locked);
            growing = List.copyOf(growing);
        }
    }

    /**
     * What was done.
     *
     * @param removed segments that are gone
     * @param bytes their size
     * @param kept segments of the plan that are still there
     * @param trouble why, for the first of them; empty when none was kept
     */
    record Outcome(int removed, long bytes, int kept, String trouble) {
        public Outcome {
            Objects.requireNonNull(trouble, "trouble");
        }
    }
}

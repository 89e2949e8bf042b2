// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.recording;

import java.util.List;
import java.util.Optional;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.FootageTerms;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Writes streams of the hub into the archive. Desired state, as {@link
 * org.nxvms.platform.api.ingest.StreamIngest}: {@link #ensure} once, and the recorder follows the
 * stream over losses, restarts of its writer and of itself. Any thread, never blocks.
 */
@ProviderType
public interface Recorder {
    /** Wishes that this stream be recorded. An equal order changes nothing. */
    void ensure(StreamId stream, RecordingOrder order);

    /**
     * Says what is wished for the footage of a stream, also of one that is not recorded now: of what was recorded before
     * copies are made all the same. {@link #ensure} says it too.
     */
    default void keep(StreamId stream, FootageTerms terms) {}

    /** Takes the wish back; from now on the time is a gap of this cause. Idempotent. */
    void release(StreamId stream, GapCause cause);

    /** As {@link #release(StreamId, GapCause)}. @param detail for people: who or what took the wish back */
    default void release(StreamId stream, GapCause cause, String detail) {
        release(stream, cause);
    }

    Optional<RecordingStatus> status(StreamId stream);

    List<RecordingStatus> statuses();
}

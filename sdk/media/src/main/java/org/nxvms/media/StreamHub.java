// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The data plane: one ring of access units per stream, one writer at a time, any number of readers.
 *
 * <p>The hub owns the memory; it outlives writers and readers, so that an ingest, a recorder or a
 * driver can be replaced while the others go on. All methods are control path: any thread, never
 * block on I/O, may take a short lock. What happens per access unit is in {@link StreamWriter} and
 * {@link StreamReader} and takes none.
 */
@ProviderType
public interface StreamHub {
    /**
     * Takes the writer lease of a stream and reserves its ring if there is none. An earlier lease ends
     * at once: its writer's next {@link StreamWriter#begin()} answers false. The new lease's epoch is
     * higher than any before it for this stream while the hub lives.
     *
     * @param stream the stream, created when unknown
     * @param budget memory to reserve; a ring that exists is kept when it is at least as large,
     *     otherwise replaced (readers see the run end and continue in the new ring). Later the hub measures
     *     what is written and replaces a ring that is too small between two access units of the run
     * @throws IllegalStateException when the hub's memory limit would be exceeded; the message names
     *     limit, use and wish
     */
    StreamWriter openWriter(StreamId stream, StreamBudget budget);

    /**
     * A reader of a stream, from any position. The stream need not have a writer yet.
     *
     * @param name identifies the reader in statistics; for {@link ReaderStart#RESUME} also the
     *     position to continue from, so unique per stream and purpose (for example {@code recorder})
     */
    StreamReader openReader(StreamId stream, String name, ReaderStart start);

    /**
     * {@return the number of the first access unit that readers of this name are not done with; empty when none of them
     * set a {@link StreamReader#mark} since the stream came into the hub}
     *
     * @since 0.1
     */
    OptionalLong mark(StreamId stream, String name);

    /** Forgets a stream: ends its lease, tells its readers {@link StreamReader#CLOSED}, frees its ring. */
    void remove(StreamId stream);

    /** {@return a snapshot of one stream's counters, empty when the hub does not know it} */
    Optional<StreamStatistics> statistics(StreamId stream);

    /** {@return snapshots of all streams, in no order} */
    List<StreamStatistics> statistics();
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media;

import java.util.List;
import java.util.Optional;

/**
 * A stream's counters at one moment. Counters grow while the hub lives.
 *
 * @param epoch the newest writer lease, 0 before the first
 * @param live whether a run is open
 * @param run number of the current or last run, 0 before the first
 * @param format format of the current or last run
 * @param accessUnits access units committed
 * @param pictures video access units committed, key frames included
 * @param keyFrames key frames committed
 * @param payloadBytes payload bytes committed
 * @param refused access units refused as too large or aborted
 * @param lastCommitUs wall time of the newest access unit, 0 when none
 * @param ringBytes memory reserved
 * @param readers the open readers
 */
public record StreamStatistics(
        StreamId stream,
        long epoch,
        boolean live,
        long run,
        Optional<StreamFormat> format,
        long accessUnits,
        long pictures,
        long keyFrames,
        long payloadBytes,
        long refused,
        long lastCommitUs,
        long ringBytes,
        List<Reader> readers) {
    public StreamStatistics {
        readers = List.copyOf(readers);
    }

    /**
     * One reader.
     *
     * @param behind access units committed but not yet read
     * @param lapped how often the writer overtook it
     * @param skipped access units it never saw for that reason
     */
    public record Reader(String name, long behind, long lapped, long skipped) {}
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamStatistics;
import org.nxvms.media.StreamWriter;

/** A hub that only counts; tests set what it counted. */
public final class FakeHub implements StreamHub {
    private final Map<StreamId, StreamStatistics> counted = new ConcurrentHashMap<>();

    /** Sets a stream's counters. */
    public void count(StreamId stream, long accessUnits, long bytes, long lastCommitUs) {
        counted.put(
                stream,
                new StreamStatistics(
                        stream,
                        1,
                        true,
                        1,
                        Optional.of(FakeIngest.FORMAT),
                        accessUnits,
                        accessUnits,
                        1,
                        bytes,
                        0,
                        lastCommitUs,
                        1 << 20,
                        List.of()));
    }

    @Override
    public StreamWriter openWriter(StreamId stream, StreamBudget budget) {
        throw new UnsupportedOperationException("the registry carries no media");
    }

    @Override
    public StreamReader openReader(StreamId stream, String name, ReaderStart start) {
        throw new UnsupportedOperationException("the registry carries no media");
    }

    @Override
    public OptionalLong mark(StreamId stream, String name) {
        throw new UnsupportedOperationException("the registry carries no media");
    }

    @Override
    public void remove(StreamId stream) {
        counted.remove(stream);
    }

    @Override
    public Optional<StreamStatistics> statistics(StreamId stream) {
        return Optional.ofNullable(counted.get(stream));
    }

    @Override
    public List<StreamStatistics> statistics() {
        return new ArrayList<>(counted.values());
    }
}

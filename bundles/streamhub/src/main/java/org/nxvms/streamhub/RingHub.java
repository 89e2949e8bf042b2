// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

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

/** All streams and the limit on their memory. Control methods are serialised; access units never come here. */
final class RingHub implements StreamHub {
    private static final int STREAMS_MAX = 10_000;
    private static final int NAME_CHARS_MAX = 200;

    private final Map<StreamId, Stream> streams = new ConcurrentHashMap<>();
    private final Provision provision;

    RingHub(HubLimits limits, HubThread thread) {
        provision = new Provision(limits, thread, streams::values);
    }

    /** Applies to rings made from now on; those that exist stay. */
    void limit(HubLimits limits) {
        provision.limit(limits);
    }

    @Override
    public synchronized StreamWriter openWriter(StreamId id, StreamBudget budget) {
        Stream stream = stream(id);
        Optional<RingWriter> onItsRing = stream.takeLease(budget);
        if (onItsRing.isPresent()) {
            return onItsRing.get();
        }
        try {
            return stream.takeLease(Optional.of(
                    provision.make(stream, budget.ringBytes(), budget.accessUnitBytesMax(), budget.accessUnits())));
        } catch (RingMemory.Refused refused) {
            dropIfUnused(stream);
            throw new IllegalStateException(
                    "stream " + id + " needs " + RingMemory.mebibytes(budget.ringBytes()) + " of ring memory, but "
                            + refused.getMessage(),
                    refused);
        }
    }

    @Override
    public synchronized StreamReader openReader(StreamId id, String name, ReaderStart start) {
        if (name.isEmpty() || name.length() > NAME_CHARS_MAX) {
            throw new IllegalArgumentException("a reader's name has 1.." + NAME_CHARS_MAX + " characters");
        }
        Stream stream = stream(id);
        Optional<Stream.Position> resume = start == ReaderStart.RESUME ? stream.takePosition(name) : Optional.empty();
        RingReader reader = new RingReader(this, stream, name, start);
        // A reader that was closed for this one may have taken an idle stream with it.
        streams.put(id, stream);
        stream.add(reader, resume);
        return reader;
    }

    @Override
    public OptionalLong mark(StreamId id, String name) {
        Stream stream = streams.get(id);
        return stream == null ? OptionalLong.empty() : stream.mark(name);
    }

    @Override
    public synchronized void remove(StreamId id) {
        Stream stream = streams.remove(id);
        if (stream != null) {
            stream.remove();
            provision.forget(id);
        }
    }

    @Override
    public Optional<StreamStatistics> statistics(StreamId id) {
        return Optional.ofNullable(streams.get(id)).map(Stream::statistics);
    }

    @Override
    public List<StreamStatistics> statistics() {
        List<StreamStatistics> all = new ArrayList<>();
        streams.values().forEach(stream -> all.add(stream.statistics()));
        return all;
    }

    long nanoTime() {
        return provision.nanoTime();
    }

    void tidyLater(Stream stream) {
        provision.tidyLater(stream);
    }

    void readerClosed(Stream stream, RingReader reader, Stream.Position position) {
        if (stream.drop(reader, position)) {
            dropIfUnused(stream);
        }
    }

    /** Ends every lease and every reader; the memory goes with them. */
    synchronized void close() {
        streams.keySet().forEach(this::remove);
    }

    private Stream stream(StreamId id) {
        Stream known = streams.get(id);
        if (known != null) {
            return known;
        }
        if (streams.size() >= STREAMS_MAX) {
            throw new IllegalStateException("more than " + STREAMS_MAX + " streams");
        }
        Stream fresh = new Stream(id, provision);
        streams.put(id, fresh);
        return fresh;
    }

    private synchronized void dropIfUnused(Stream stream) {
        if (stream.unused()) {
            streams.remove(stream.id(), stream);
        }
    }
}

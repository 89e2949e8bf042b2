// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.recording.Recorder;
import org.nxvms.platform.api.recording.RecordingOrder;
import org.nxvms.platform.api.recording.RecordingStatus;

/** A recorder that records what it is told to. */
public final class FakeRecorder implements Recorder {
    private final Map<StreamId, RecordingOrder> orders = new ConcurrentHashMap<>();
    private final Map<StreamId, GapCause> faults = new ConcurrentHashMap<>();
    /** Every call that changes an order, in order. */
    public final List<String> disturbances = new CopyOnWriteArrayList<>();

    /** What is wished for the footage of each stream. */
    public final Map<StreamId, FootageTerms> kept = new ConcurrentHashMap<>();

    @Override
    public void keep(StreamId stream, FootageTerms terms) {
        kept.put(stream, terms);
    }

    @Override
    public void ensure(StreamId stream, RecordingOrder order) {
        if (!order.equals(orders.put(stream, order))) {
            disturbances.add(
                    "record " + stream.role().id() + " " + order.terms().retentionDaysMax());
        }
    }

    /** {@return what it was told to do with a stream} */
    public Optional<RecordingOrder> order(StreamId stream) {
        return Optional.ofNullable(orders.get(stream));
    }

    @Override
    public void release(StreamId stream, GapCause cause) {
        release(stream, cause, "");
    }

    @Override
    public void release(StreamId stream, GapCause cause, String detail) {
        if (orders.remove(stream) != null) {
            disturbances.add("release " + stream.role().id() + " " + cause + " " + detail);
        }
    }

    /** Lets a stream not be recorded for a reason. */
    public void fail(StreamId stream, GapCause cause) {
        faults.put(stream, cause);
    }

    @Override
    public Optional<RecordingStatus> status(StreamId stream) {
        return Optional.ofNullable(orders.get(stream)).map(order -> {
            Optional<GapCause> fault = Optional.ofNullable(faults.get(stream));
            return new RecordingStatus(
                    stream, fault.isEmpty(), fault, fault.map(f -> "It is " + f).orElse(""), Optional.empty(), 0, 0);
        });
    }

    @Override
    public List<RecordingStatus> statuses() {
        List<RecordingStatus> all = new ArrayList<>();
        orders.keySet().forEach(stream -> status(stream).ifPresent(all::add));
        return all;
    }
}

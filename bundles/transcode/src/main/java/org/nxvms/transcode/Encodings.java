// SPDX-License-Identifier: Apache-2.0
package org.nxvms.transcode;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamStatistics;
import org.nxvms.platform.api.rendition.Form;
import org.nxvms.platform.api.rendition.RenditionRefusedException;
import org.nxvms.platform.api.rendition.RenditionStatus;
import org.nxvms.platform.api.worker.Transcoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All renditions that are wished, in the order of their coming: so many of them are made, the others wait. A rendition is wished as
 * long as somebody reads it in the hub. {@link #tick} and {@link #close} are for one thread, the rest for any.
 */
final class Encodings {
    private static final Logger LOG = LoggerFactory.getLogger(Encodings.class);
    private static final int RETRY_AFTER_SECONDS = 5;

    private final Supplier<StreamHub> hubs;
    private final Supplier<Transcoder> transcoders;
    private final LongSupplier nowMs;
    private final Map<StreamId, Wished> wished = new LinkedHashMap<>();
    /** Has a lock of its own, which is taken last. */
    private final Places places = new Places(this::isAnyWaiting);

    private volatile boolean anyWaiting;
    private volatile Limits limits;
    private StreamHub hubInUse;
    private boolean closed;

    /** One that is made or waits. */
    private static final class Wished {
        final StreamId stream;
        final Form form;
        /** Who began it; nobody where it was taken up. */
        final Optional<UUID> user;

        final CompletableFuture<StreamFormat> format = new CompletableFuture<>();
        long watchedMs;
        int awaiting;
        /** Null while it waits. */
        Rendition rendition;
        /** Why it could not begin. */
        String trouble = "";

        Wished(StreamId stream, Form form, Optional<UUID> user, long nowMs) {
            this.stream = stream;
            this.form = form;
            this.user = user;
            this.watchedMs = nowMs;
        }

        RenditionStatus status(int encodingsMax) {
            return rendition != null
                    ? rendition.status()
                    : new RenditionStatus(
                            stream,
                            RenditionStatus.State.WAITING,
                            0,
                            0,
                            !trouble.isEmpty()
                                    ? trouble
                                    : "as many encodings run as this server allows (" + encodingsMax
                                            + "); it begins when one of them ends");
        }
    }

    Encodings(Supplier<StreamHub> hubs, Supplier<Transcoder> transcoders, Limits limits, LongSupplier nowMs) {
        this.hubs = hubs;
        this.transcoders = transcoders;
        this.limits = limits;
        this.nowMs = nowMs;
    }

    /** {@return places for encodings that are not live} */
    Places places() {
        return places;
    }

    private boolean isAnyWaiting() {
        return anyWaiting;
    }

    void limit(Limits changed) {
        limits = changed;
    }

    /** @param user who begins it, where that is known; counts if it is not made already */
    void open(StreamId stream, Optional<UUID> user) throws RenditionRefusedException {
        if (stream.rendition()) {
            find(stream, user);
        }
    }

    /** As {@link #open}, for who waits for a picture until what is returned is closed, once. */
    synchronized Joined join(StreamId stream, Optional<UUID> user) throws RenditionRefusedException {
        Wished one = find(stream, user);
        one.awaiting++;
        return new Joined(one);
    }

    /** Somebody who waits for the first picture of one encoding, and of no other that is made under its name later. */
    final class Joined implements AutoCloseable {
        private final Wished one;

        private Joined(Wished one) {
            this.one = one;
        }

        /** {@return its format, once there is a picture} */
        CompletableFuture<StreamFormat> format() {
            return one.format;
        }

        @Override
        public void close() {
            synchronized (Encodings.this) {
                one.awaiting--;
                one.watchedMs = nowMs.getAsLong();
            }
        }
    }

    private synchronized Wished find(StreamId stream, Optional<UUID> user) throws RenditionRefusedException {
        Form form = form(stream);
        Wished known = wished.get(stream);
        if (known != null) {
            known.watchedMs = nowMs.getAsLong();
            return known;
        }
        StreamHub hub = hubs.get();
        if (closed || hub == null) {
            throw new RenditionRefusedException(
                    "The server is not ready to encode streams anew. Try again.", RETRY_AFTER_SECONDS);
        }
        Limits now = limits;
        if (user.isPresent() && begunBy(user) >= now.perUserMax()) {
            throw new RenditionRefusedException(
                    "You have begun as many streams that are encoded anew as one user may (" + now.perUserMax()
                            + "). Watch the camera's own stream, or end a view and try again some seconds later. An"
                            + " administrator allows more by encodingsPerUserMax of org.nxvms.transcode.",
                    RETRY_AFTER_SECONDS);
        }
        if (wished.size() >= now.encodingsMax() + now.waitingMax()) {
            throw new RenditionRefusedException(
                    "No more streams are encoded anew now: " + now.encodingsMax() + " may run, " + now.waitingMax()
                            + " wait. Watch the camera's own stream, or try again. Room comes when a view ends, and by"
                            + " encodingsMax of org.nxvms.transcode.",
                    RETRY_AFTER_SECONDS);
        }
        Wished fresh = new Wished(stream, form, user, nowMs.getAsLong());
        wished.put(stream, fresh);
        if (hubInUse == hub) {
            begin();
        }
        return fresh;
    }

    private long begunBy(Optional<UUID> user) {
        return wished.values().stream().filter(one -> one.user.equals(user)).count();
    }

    private static Form form(StreamId stream) throws RenditionRefusedException {
        try {
            return Form.of(stream.form().orElse(""));
        } catch (IllegalArgumentException unknown) {
            throw new RenditionRefusedException(
                    "There is no stream " + stream.name() + ": " + unknown.getMessage() + ".", 0);
        }
    }

    /** Begins those that have waited longest, as many as may run; what is left others have. */
    private synchronized void begin() {
        try {
            beginLive();
        } finally {
            anyWaiting = wished.values().stream().anyMatch(one -> one.rendition == null);
            places.give(anyWaiting ? 0 : limits.encodingsMax() - running() - places.taken());
        }
    }

    private long running() {
        return wished.values().stream().filter(one -> one.rendition != null).count();
    }

    private void beginLive() {
        if (hubInUse == null) {
            return;
        }
        long running = running() + places.taken();
        for (Wished one : wished.values()) {
            if (one.rendition == null && running < limits.encodingsMax()) {
                running++;
                try {
                    one.rendition = new Rendition(hubInUse, one.stream, one.form, limits.keySeconds(), transcoders);
                    one.rendition.encoded().first().thenAccept(one.format::complete);
                    one.rendition.start();
                } catch (IllegalStateException noMemory) {
                    // Tried again at each tick, and told to who waits.
                    one.trouble = noMemory.getMessage();
                    return;
                }
            }
        }
    }

    /** Looks who is watched, ends who is not, begins who waits. */
    void tick() {
        StreamHub hub = hubs.get();
        List<Wished> over = new ArrayList<>();
        synchronized (this) {
            if (closed) {
                return;
            }
            if (hub != hubInUse) {
                over.addAll(wished.values());
                wished.clear();
                hubInUse = hub;
            }
            if (hub != null) {
                look(hub, over);
            }
        }
        for (Wished one : over) {
            end(one, GapCause.UNKNOWN, "nobody watches it any more");
            synchronized (this) {
                if (hub != null && !wished.containsKey(one.stream)) {
                    hub.remove(one.stream);
                }
            }
        }
        begin();
    }

    private void look(StreamHub hub, List<Wished> over) {
        long now = nowMs.getAsLong();
        for (StreamStatistics statistics : hub.statistics()) {
            StreamId stream = statistics.stream();
            if (stream.rendition() && !statistics.readers().isEmpty()) {
                Wished known = wished.get(stream);
                if (known == null) {
                    takeUp(stream, now);
                } else {
                    known.watchedMs = now;
                }
            }
        }
        Iterator<Wished> each = wished.values().iterator();
        while (each.hasNext()) {
            Wished one = each.next();
            boolean unwatched = one.awaiting == 0 && now - one.watchedMs >= limits.lingerMs();
            if (unwatched || one.rendition != null && one.rendition.isOver()) {
                each.remove();
                over.add(one);
            }
        }
    }

    /** Somebody reads what was made before this service was exchanged, or what has ended in this moment. */
    private void takeUp(StreamId stream, long now) {
        try {
            wished.put(stream, new Wished(stream, Form.of(stream.form().orElse("")), Optional.empty(), now));
        } catch (IllegalArgumentException noForm) {
            LOG.debug("Somebody reads {}, which is nothing that can be made", stream);
        }
    }

    private static void end(Wished one, GapCause cause, String why) {
        if (one.rendition != null) {
            one.rendition.close(cause, why);
        }
        one.format.completeExceptionally(new IllegalStateException(why));
    }

    synchronized List<RenditionStatus> statuses() {
        return wished.values().stream()
                .map(one -> one.status(limits.encodingsMax()))
                .toList();
    }

    /** Ends all; readers stay, and are found by who comes next. */
    void close() {
        List<Wished> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(wished.values());
            wished.clear();
        }
        places.close();
        all.forEach(one -> end(one, GapCause.MAINTENANCE, "the part that encodes streams anew is being exchanged"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.servlet.AsyncContext;
import javax.servlet.AsyncEvent;
import javax.servlet.AsyncListener;
import javax.servlet.ServletOutputStream;
import javax.servlet.WriteListener;
import org.nxvms.events.EventEngine;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.platform.api.security.RequestCredentials;

/**
 * One client of the stream: a position in the changes, and a connection that is written to only while it takes bytes. It
 * has no queue: what it has not got yet is in the log or in the store. {@link #turn} is called by one thread at a time.
 */
final class Follower implements WriteListener, AsyncListener {
    static final int PAGE_EVENTS_MAX = 200;
    static final int CHUNK_CHARS_MAX = 65_536;
    /** Pages looked at in one turn, then the others have theirs: one that filters much may look at all there is. */
    static final int PAGES_MAX = 16;

    /** Where it is served: on the thread of the log, or on that of the store for one that fell far behind. */
    enum Lane {
        NEAR,
        FAR
    }

    /** When and where its next turn is. */
    enum Next {
        ON_NEWS,
        NEAR_NOW,
        FAR_NOW
    }

    /**
     * Its sense of time.
     *
     * @param heartbeatNs of silence, after which a sign of life is sent
     * @param stallNsMax a client that takes nothing for this long is dead, or so slow that it had better come again
     * @param accessNs how late an ended session or a lost right is noticed
     * @param guardAbsentNsMax the guard may be away this long, e.g. while its bundle is replaced
     * @param nowNs the clock of all these
     */
    record Pace(long heartbeatNs, long stallNsMax, long accessNs, long guardAbsentNsMax, LongSupplier nowNs) {
        static final Pace USUAL = new Pace(
                TimeUnit.SECONDS.toNanos(15),
                TimeUnit.SECONDS.toNanos(10),
                TimeUnit.SECONDS.toNanos(3),
                TimeUnit.SECONDS.toNanos(30),
                System::nanoTime);
    }

    private final EventEngine engine;
    private final Pace pace;
    private final Supplier<AccessGuard> guards;
    private final RequestCredentials credentials;
    private final EventFilter filter;
    private final AsyncContext connection;
    private final ServletOutputStream out;
    private final Consumer<Follower> wake;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicBoolean again = new AtomicBoolean();
    private final UUID owner;
    private AuthenticatedUser user;
    private long position;
    private boolean resumes;
    private boolean opened;
    private boolean unflushed;
    private boolean ending;
    private long writtenNs;
    private long checkedNs;
    private volatile boolean writable;
    private volatile boolean closed;

    /**
     * @param lastSequence what the client has; empty for one that wants what comes from now on
     */
    Follower(Followers all, Client client, Optional<Long> lastSequence, AsyncContext connection) throws IOException {
        this.engine = all.engine();
        this.pace = all.pace();
        this.guards = all.guards();
        this.credentials = client.credentials();
        this.user = client.user();
        this.owner = user.id();
        this.filter = client.filter();
        this.connection = connection;
        this.wake = all::wake;
        this.out = connection.getResponse().getOutputStream();
        this.position = lastSequence.orElseGet(engine::last);
        this.resumes = lastSequence.isPresent();
        this.writtenNs = pace.nowNs().getAsLong();
        this.checkedNs = writtenNs;
    }

    /** Who follows what. */
    record Client(AuthenticatedUser user, RequestCredentials credentials, EventFilter filter) {}

    void start() {
        connection.addListener(this);
        out.setWriteListener(this);
    }

    /** {@return whether it was not scheduled yet; otherwise the turn at hand, or a further one, sees what is new} */
    boolean schedule() {
        boolean first = scheduled.compareAndSet(false, true);
        if (!first) {
            again.set(true);
        }
        return first;
    }

    /** {@return whether somebody asked for a turn meanwhile} */
    boolean unschedule() {
        scheduled.set(false);
        return again.getAndSet(false);
    }

    boolean isClosed() {
        return closed;
    }

    /** {@return whose place it takes} */
    UUID owner() {
        return owner;
    }

    /** Sends what there is, as much as the client takes now; {@return when its next turn is} */
    Next turn(Lane lane) {
        long now = pace.nowNs().getAsLong();
        try {
            for (int pages = 0; !closed && isWritable(now); pages++) {
                if (ending) {
                    complete();
                    break;
                }
                if (needsFar() && lane == Lane.NEAR) {
                    return Next.FAR_NOW;
                }
                if (pages == PAGES_MAX) {
                    return lane == Lane.FAR ? Next.FAR_NOW : Next.NEAR_NOW;
                }
                long before = position;
                StreamMessages messages = next(now, lane);
                if (messages.length() > 0) {
                    write(messages.bytes(), now);
                } else if (position == before) {
                    break;
                }
            }
        } catch (IOException | IllegalStateException e) {
            // The client is gone: nothing is owed to it.
            complete();
        }
        return Next.ON_NEWS;
    }

    private boolean isWritable(long now) throws IOException {
        if (writable && unflushed) {
            unflushed = false;
            out.flush();
            askWritable();
        }
        if (!writable && now - writtenNs > pace.stallNsMax()) {
            complete();
        }
        return writable;
    }

    private void write(byte[] bytes, long now) throws IOException {
        writtenNs = now;
        unflushed = true;
        out.write(bytes);
        askWritable();
    }

    private void askWritable() {
        // Before asking: the container may call onWritePossible while we look at its answer.
        writable = false;
        if (out.isReady()) {
            writable = true;
        }
    }

    private boolean needsFar() {
        return !opened && resumes || engine.near(position, 1).isEmpty();
    }

    private StreamMessages next(long now, Lane lane) {
        StreamMessages messages = new StreamMessages();
        if (now - checkedNs > pace.accessNs() && !recheck(now, messages)) {
            return messages;
        }
        if (!opened) {
            opened = true;
            begin(messages);
        }
        AccessGuard guard = guards.get();
        // While nobody can say what may be seen, what happens waits.
        List<Event> page = guard == null ? List.of() : page(lane);
        for (Event event : page) {
            position = event.sequence();
            if (filter.fits(event) && EventAccess.visible(event, (right, camera) -> may(guard, right, camera))) {
                messages.event(event);
            }
            if (messages.length() > CHUNK_CHARS_MAX) {
                break;
            }
        }
        if (messages.length() == 0 && now - writtenNs > pace.heartbeatNs()) {
            messages.heartbeat(position);
        }
        return messages;
    }

    private void begin(StreamMessages messages) {
        if (resumes) {
            String gone = "";
            try {
                if (position > engine.last()) {
                    gone = "This server has not given out this position. Read the list of events again.";
                    position = engine.last();
                } else if (engine.isTooOld(position)) {
                    gone = "Some changes behind this position were removed as too old. Read the list of events again.";
                }
            } catch (StoreException e) {
                gone = "The database of events is away. Read the list of events again when it is back.";
            }
            messages.open(position);
            if (!gone.isEmpty()) {
                messages.reset(position, gone);
            }
        } else {
            messages.open(position);
        }
    }

    private List<Event> page(Lane lane) {
        Optional<List<Event>> near = engine.near(position, PAGE_EVENTS_MAX);
        if (near.isPresent() || lane == Lane.NEAR) {
            return near.orElse(List.of());
        }
        try {
            return engine.far(position, PAGE_EVENTS_MAX);
        } catch (StoreException e) {
            // It waits for the database, as its events do.
            return List.of();
        }
    }

    private boolean may(AccessGuard guard, Permission permission, Optional<UUID> camera) {
        try {
            guard.require(user, permission, camera);
            return true;
        } catch (AccessDeniedException e) {
            return false;
        }
    }

    /** Looks again whether the client may follow: sessions end, users are removed. */
    private boolean recheck(long now, StreamMessages messages) {
        AccessGuard guard = guards.get();
        if (guard == null) {
            if (now - checkedNs > pace.guardAbsentNsMax()) {
                end(messages, "unavailable", "The access guard is away. Come again in a moment.");
                return false;
            }
            return true;
        }
        try {
            user = guard.reauthenticate(credentials);
            guard.requireAnywhere(user, Permission.VIEW_EVENTS);
            checkedNs = now;
            return true;
        } catch (AccessDeniedException e) {
            boolean signIn = e.kind() == AccessDeniedException.Kind.UNAUTHENTICATED;
            end(messages, signIn ? "unauthenticated" : "forbidden", e.getMessage());
            return false;
        }
    }

    private void end(StreamMessages messages, String reason, String detail) {
        messages.end(reason, detail);
        ending = true;
    }

    /** The server stops: says so if the client takes it at once. */
    void stop() {
        try {
            if (writable && !closed) {
                out.write(new StreamMessages()
                        .end("stopping", "The server, or this part of it, stops. Come again in a moment.")
                        .bytes());
                if (out.isReady()) {
                    out.flush();
                }
            }
        } catch (IOException | IllegalStateException e) {
            // Gone before us.
            closed = true;
        }
        complete();
    }

    private void complete() {
        if (!closed) {
            closed = true;
            try {
                connection.complete();
            } catch (IllegalStateException e) {
                // The container was faster.
                closed = true;
            }
        }
    }

    @Override
    public void onWritePossible() {
        writable = true;
        wake.accept(this);
    }

    @Override
    public void onError(Throwable error) {
        complete();
        wake.accept(this);
    }

    @Override
    public void onComplete(AsyncEvent event) {
        closed = true;
        wake.accept(this);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        complete();
    }

    @Override
    public void onError(AsyncEvent event) {
        complete();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Once is enough.
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.GapCause;
import org.nxvms.media.worker.wire.Body;
import org.nxvms.media.worker.wire.EndReason;
import org.nxvms.media.worker.wire.FrameType;
import org.nxvms.media.worker.wire.FrameWriter;
import org.nxvms.media.worker.wire.SourceOrder;
import org.nxvms.media.worker.wire.TrackFacts;
import org.nxvms.media.worker.wire.WireException;
import org.nxvms.platform.api.worker.SourceDoor;
import org.nxvms.platform.api.worker.SourceEnd;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.SourceRequest;
import org.nxvms.platform.api.worker.SourceSession;
import org.nxvms.platform.api.worker.SourceTrack;

/** One source in a child of its own: turns frames into calls of its listener. */
final class SourceProcess implements SourceSession, Child.Handler {
    private static final int UNIT_HEADER_BYTES = 10;

    private final SourceRequest request;
    private final SourceListener listener;
    private final Consumer<SourceProcess> over;
    private final Words words;
    private final Questions questions;
    private final AtomicReference<SourceEnd> told = new AtomicReference<>();
    private volatile Child child;
    private volatile int tracks;
    private FrameWriter orders;

    /**
     * @param name of its threads
     * @param over called when the process is gone
     */
    SourceProcess(
            String name,
            SourceRequest request,
            SourceDoor door,
            SourceListener listener,
            Consumer<SourceProcess> over) {
        this.questions = new Questions(name, door, this::refused);
        this.request = request;
        this.words = new Words(request);
        this.listener = listener;
        this.over = over;
    }

    /** Before it is started or closed. */
    void attach(Child process) {
        child = process;
    }

    void start() {
        child.start();
    }

    @Override
    public Words words() {
        return words;
    }

    @Override
    public void close() {
        child.close();
    }

    void await(long timeoutMs) {
        child.await(timeoutMs);
    }

    @Override
    public void ready(FrameWriter writer) throws IOException {
        orders = writer;
        SourceOrder order = new SourceOrder(
                request.uri().toString(),
                request.credentials().map(Credentials::username).orElse(""),
                request.credentials().map(Credentials::password).orElse(""),
                request.protocols(),
                request.containers(),
                request.verifyTls(),
                request.loop(),
                request.openTimeoutMs(),
                request.readTimeoutMs());
        orders.write(FrameType.OPEN, order.toBytes());
    }

    @Override
    public void frame(int type, ByteBuffer body) throws IOException {
        switch (type) {
            case FrameType.UNIT -> unit(body);
            case FrameType.OPENED -> {
                List<TrackFacts> facts = TrackFacts.readList(body);
                tracks = facts.size();
                listener.opened(facts.stream().map(SourceProcess::track).toList());
            }
            case FrameType.CHANGED -> {
                int index = Body.number(body);
                if (index < 0 || index >= tracks) {
                    throw new WireException("a change of track " + index + " of " + tracks);
                }
                listener.changed(index, track(TrackFacts.read(body)));
            }
            case FrameType.ENDED -> {
                EndReason reason = EndReason.of(Body.number(body));
                endAs(end(reason, words.forPeople(Body.text(body))));
            }
            case FrameType.ASK -> {
                if (orders == null) {
                    throw new WireException("a question before the order");
                }
                questions.ask(body, orders);
            }
            default -> throw new WireException("frame " + type + " for a source");
        }
    }

    /** The first reason counts. */
    private void endAs(SourceEnd end) {
        told.compareAndSet(null, end);
        Child running = child;
        if (running != null) {
            running.close();
        }
    }

    /** On the thread of the questions: whatever the child makes of it, a source that leads where it must not is over. */
    private void refused(DriverException why) {
        endAs(new SourceEnd(
                why.kind(),
                GapCause.CAMERA_UNREACHABLE,
                (tracks == 0 ? "the source cannot be opened: " : "the source was ended: ") + why.getMessage()));
    }

    private void unit(ByteBuffer body) throws WireException {
        if (body.remaining() <= UNIT_HEADER_BYTES) {
            throw new WireException("a unit of " + body.remaining() + " bytes");
        }
        int track = body.get();
        int flags = body.get();
        long timestamp = body.getLong();
        if (track < 0 || track >= tracks) {
            throw new WireException("a unit of track " + track + " of " + tracks);
        }
        listener.unit(track, flags, timestamp, body);
    }

    static SourceTrack track(TrackFacts facts) {
        return new SourceTrack(
                facts.codec(),
                facts.video(),
                facts.clockRate(),
                facts.width(),
                facts.height(),
                facts.frameRateMilli() / 1000.0,
                facts.channels(),
                facts.configuration());
    }

    @Override
    public void gone(Loss loss) {
        questions.close();
        over.accept(this);
        SourceEnd end = told.get();
        if (end != null) {
            listener.ended(end);
        } else if (loss.asked()) {
            listener.ended(new SourceEnd(DriverException.Kind.CLOSED, GapCause.UNKNOWN, "the source was closed"));
        } else {
            listener.ended(new SourceEnd(DriverException.Kind.UNREACHABLE, GapCause.WORKER_FAILED, loss.detail()));
        }
    }

    private static SourceEnd end(EndReason reason, String detail) {
        return switch (reason) {
            case AUTH -> new SourceEnd(DriverException.Kind.AUTH, GapCause.AUTH, detail);
            case NOT_FOUND -> new SourceEnd(DriverException.Kind.CONFIG, GapCause.CAMERA_UNREACHABLE, detail);
            case BUSY -> new SourceEnd(DriverException.Kind.BUSY, GapCause.CAMERA_UNREACHABLE, detail);
            case PROTOCOL -> new SourceEnd(DriverException.Kind.PROTOCOL, GapCause.CAMERA_UNREACHABLE, detail);
            case UNSUPPORTED -> new SourceEnd(DriverException.Kind.UNSUPPORTED, GapCause.UNSUPPORTED, detail);
            case STALLED -> new SourceEnd(DriverException.Kind.UNREACHABLE, GapCause.STREAM_STALLED, detail);
            case FAULT -> new SourceEnd(DriverException.Kind.UNREACHABLE, GapCause.WORKER_FAILED, detail);
            case END, UNREACHABLE ->
                new SourceEnd(DriverException.Kind.UNREACHABLE, GapCause.CAMERA_UNREACHABLE, detail);
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.GapCause;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.worker.wire.Body;
import org.nxvms.media.worker.wire.EndReason;
import org.nxvms.media.worker.wire.FrameType;
import org.nxvms.media.worker.wire.FrameWriter;
import org.nxvms.media.worker.wire.MaskArea;
import org.nxvms.media.worker.wire.TrackFacts;
import org.nxvms.media.worker.wire.TranscodeOrder;
import org.nxvms.media.worker.wire.WireException;
import org.nxvms.platform.api.worker.Polygon;
import org.nxvms.platform.api.worker.SourceEnd;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.TranscodeRequest;
import org.nxvms.platform.api.worker.TranscodeSession;

/** One stream that is encoded anew, in a child of its own. */
final class TranscodeProcess implements TranscodeSession, Child.Handler {
    private static final int UNIT_HEADER_BYTES = 10;
    /** Pictures and sound. */
    private static final int TRACKS_MAX = 2;

    /** As the child: a larger picture is in no ring. */
    private static final int UNIT_BYTES_MAX = 8 << 20;

    private final TranscodeRequest request;
    private final SourceListener listener;
    private final Consumer<TranscodeProcess> over;
    private final CompletableFuture<FrameWriter> orders = new CompletableFuture<>();
    private volatile Child child;
    private boolean opened;
    private int tracks;
    private SourceEnd told;
    private byte[] payload = new byte[256 << 10];

    /** @param over called when the process is gone */
    TranscodeProcess(TranscodeRequest request, SourceListener listener, Consumer<TranscodeProcess> over) {
        this.request = request;
        this.listener = listener;
        this.over = over;
    }

    private static Optional<TranscodeOrder.Sound> order(TrackFormat sound) {
        return FfmpegWorker.soundDecoder(sound.codec())
                .map(codec ->
                        new TranscodeOrder.Sound(codec, sound.configuration(), sound.clockRate(), sound.channels()));
    }

    private static MaskArea area(Polygon mask) {
        return new MaskArea(mask.points().stream()
                .map(point -> new MaskArea.Corner(point.x(), point.y()))
                .toList());
    }

    /** Before it is started or closed. */
    void attach(Child process) {
        child = process;
    }

    void start() {
        child.start();
    }

    @Override
    public void close() {
        child.close();
    }

    /** It will never begin: who gives it pictures shall not wait for that. */
    void refuse() {
        orders.completeExceptionally(new IOException("the media process was refused"));
    }

    void await(long timeoutMs) {
        child.await(timeoutMs);
    }

    @Override
    public void picture(boolean key, long timestamp, ByteBuffer data) throws IOException {
        give(0, key ? SourceListener.KEY : 0, timestamp, data);
    }

    @Override
    public void caption(long timestamp, String text) throws IOException {
        began().write(FrameType.CAPTION, new Body().whole(timestamp).text(text).toBytes());
    }

    @Override
    public void sound(long timestamp, ByteBuffer data) throws IOException {
        give(1, SourceListener.KEY, timestamp, data);
    }

    private void give(int track, int flags, long timestamp, ByteBuffer data) throws IOException {
        int length = data.remaining();
        if (length == 0 || length > UNIT_BYTES_MAX) {
            return;
        }
        if (payload.length < length) {
            payload = new byte[Math.min(UNIT_BYTES_MAX, Math.max(length, payload.length * 2))];
        }
        data.get(payload, 0, length);
        began().unit(track, flags, timestamp, payload, length);
    }

    @Override
    public void finish() throws IOException {
        began().write(FrameType.FINISH, new byte[0]);
    }

    /** {@return where orders go, once the process has begun} */
    private FrameWriter began() throws IOException {
        try {
            return orders.get();
        } catch (ExecutionException neverBegan) {
            throw new IOException("the media process never began", neverBegan);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", stop);
        }
    }

    @Override
    public void ready(FrameWriter writer) throws IOException {
        TrackFormat picture = request.picture();
        writer.write(
                FrameType.TRANSCODE,
                new TranscodeOrder(
                                FfmpegWorker.decoder(picture.codec()).orElse(""),
                                picture.configuration(),
                                (int) Math.round(picture.frameRate() * 1000),
                                request.heightMax(),
                                request.kilobits(),
                                request.keySeconds(),
                                request.sound().flatMap(TranscodeProcess::order),
                                request.fromTimestamp(),
                                request.masks().stream()
                                        .map(TranscodeProcess::area)
                                        .toList())
                        .toBytes());
        orders.complete(writer);
    }

    @Override
    public void frame(int type, ByteBuffer body) throws IOException {
        switch (type) {
            case FrameType.UNIT -> unit(body);
            case FrameType.OPENED -> open(TrackFacts.readList(body));
            case FrameType.ENDED -> {
                told = end(EndReason.of(Body.number(body)), words().forPeople(Body.text(body)));
                child.close();
            }
            default -> throw new WireException("frame " + type + " for an encoding");
        }
    }

    private static SourceEnd end(EndReason reason, String sentence) {
        return switch (reason) {
            case END -> new SourceEnd(DriverException.Kind.CLOSED, GapCause.UNKNOWN, sentence);
            case UNSUPPORTED -> new SourceEnd(DriverException.Kind.UNSUPPORTED, GapCause.UNSUPPORTED, sentence);
            default -> new SourceEnd(DriverException.Kind.UNREACHABLE, GapCause.WORKER_FAILED, sentence);
        };
    }

    private void open(List<TrackFacts> facts) throws WireException {
        if (opened
                || facts.isEmpty()
                || facts.size() > TRACKS_MAX
                || !facts.get(0).video()) {
            throw new WireException("an encoding of " + facts.size() + " tracks");
        }
        opened = true;
        tracks = facts.size();
        listener.opened(facts.stream().map(SourceProcess::track).toList());
    }

    private void unit(ByteBuffer body) throws WireException {
        if (!opened || body.remaining() <= UNIT_HEADER_BYTES) {
            throw new WireException("a unit of " + body.remaining() + " bytes");
        }
        int track = body.get();
        int flags = body.get();
        long timestamp = body.getLong();
        if (track < 0 || track >= tracks) {
            throw new WireException("a unit of track " + track + " of an encoding");
        }
        listener.unit(track, flags, timestamp, body);
    }

    @Override
    public void gone(Loss loss) {
        orders.completeExceptionally(new IOException("the media process is over"));
        over.accept(this);
        if (told != null) {
            listener.ended(told);
        } else if (loss.asked()) {
            listener.ended(new SourceEnd(DriverException.Kind.CLOSED, GapCause.MAINTENANCE, "the encoding was closed"));
        } else {
            listener.ended(new SourceEnd(DriverException.Kind.UNREACHABLE, GapCause.WORKER_FAILED, loss.detail()));
        }
    }
}

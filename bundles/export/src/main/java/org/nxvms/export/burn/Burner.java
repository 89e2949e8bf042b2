// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.burn;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.export.cut.EdgeException;
import org.nxvms.export.cut.EdgePictures;
import org.nxvms.export.cut.EdgePictures.Picture;
import org.nxvms.export.cut.Sample;
import org.nxvms.export.cut.Wanted;
import org.nxvms.media.GapCause;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.AvcConfig;
import org.nxvms.media.kit.nal.AvcIds;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.platform.api.worker.EncoderPlaces;
import org.nxvms.platform.api.worker.Polygon;
import org.nxvms.platform.api.worker.SourceEnd;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.SourceTrack;
import org.nxvms.platform.api.worker.TranscodeRequest;
import org.nxvms.platform.api.worker.TranscodeSession;
import org.nxvms.platform.api.worker.Transcoder;

/**
 * Has pictures that follow each other encoded anew, with what is burned in, by one media process for as long as there are any. It
 * has a place of the server's budget for encodings. A process that is lost is replaced: what was given since the last but one key
 * frame is kept, and given to the next one again. Every picture comes from a process that was told the masks. One thread.
 */
public final class Burner implements AutoCloseable {
    private static final String WAY_OUT = " Order without \"overlay\" and \"masks\", which encodes nothing";
    /** Of what is kept for another process, and of what one process may send before it is taken. */
    private static final long BYTES_MAX = 96L << 20;

    private static final long LOOK_NS = 50_000_000L;
    private static final long REST_MS = 1_000;
    /** An exchange of the media worker takes seconds, a place among its processes comes within a minute or not soon. */
    private static final int TRIES_MAX = 60;
    /** Pictures that end a process end the next one too. */
    private static final int LOSSES_MAX = 3;
    /** A player may begin so often, and a file is written in pieces of that length. */
    private static final int KEY_SECONDS = 2;

    private final Encoders encoders;
    private final Order order;
    private final long restNs;
    private final Deque<Kept> kept = new ArrayDeque<>();
    private final List<Picture> ready = new ArrayList<>();
    private long keptBytes;
    private long fromTime;
    private int losses;
    private Optional<AvcConfig> sets = Optional.empty();
    private EncoderPlaces.Place place;
    private Attempt attempt;

    /**
     * What is to be encoded.
     *
     * @param name in the log
     * @param picture what comes
     * @param heightMax higher pictures are scaled down; 0 for as they are
     * @param masks filled in every picture
     * @param fromTime pictures shown before it are only decoded
     */
    public record Order(
            String name, TrackFormat picture, int heightMax, int kilobits, List<Polygon> masks, long fromTime) {}

    /** A picture that was given, and what is written into it. */
    private record Given(Sample picture, Optional<String> caption) {}

    /** From a key frame to the next. */
    private static final class Kept {
        final List<Given> pictures = new ArrayList<>();
        long newest = Long.MIN_VALUE;
        long bytes;

        void add(Given given) {
            pictures.add(given);
            newest = Math.max(newest, given.picture().presentationTime());
            bytes += given.picture().data().remaining();
        }
    }

    /** One process. */
    private static final class Attempt implements SourceListener {
        final EdgePictures pictures;
        final CompletableFuture<SourceEnd> end = new CompletableFuture<>();
        TranscodeSession session;

        Attempt(long fromTime) {
            pictures = new EdgePictures(fromTime, Long.MAX_VALUE, new AvcIds(0, 0), BYTES_MAX);
        }

        @Override
        public void opened(List<SourceTrack> tracks) {
            // Its pictures say the same.
        }

        @Override
        public void changed(int index, SourceTrack track) {
            // Its pictures say the same.
        }

        @Override
        public void unit(int index, int flags, long timestamp, ByteBuffer data) {
            pictures.take((flags & KEY) != 0, timestamp, data);
        }

        @Override
        public void ended(SourceEnd how) {
            end.complete(how);
        }

        void give(Given given) throws IOException {
            Sample picture = given.picture();
            if (given.caption().isPresent()) {
                session.caption(picture.presentationTime(), given.caption().get());
            }
            session.picture(
                    picture.key(), picture.presentationTime(), picture.data().duplicate());
        }
    }

    public Burner(Encoders encoders, Order order) {
        this(encoders, order, REST_MS);
    }

    /** @param restMs before it is tried again */
    Burner(Encoders encoders, Order order, long restMs) {
        this.encoders = encoders;
        this.order = order;
        this.fromTime = order.fromTime();
        this.restNs = restMs * 1_000_000;
    }

    /**
     * Gives it the next picture, the first of them a key frame. Blocks while there is enough to do, and until there is a place for
     * it; {@code wanted} is asked meanwhile.
     *
     * @param caption what is written into it
     */
    public <E extends Exception> void picture(Sample picture, Optional<String> caption, Wanted<E> wanted)
            throws IOException, E {
        Given given = new Given(picture, caption);
        keep(given);
        if (attempt == null) {
            begin("The media worker, which encodes pictures anew, is not there.", wanted);
        } else {
            try {
                attempt.give(given);
            } catch (IOException over) {
                begin(lost(wanted), wanted);
            }
        }
        collect();
    }

    private void keep(Given given) throws EdgeException {
        if (given.picture().key() || kept.isEmpty()) {
            kept.addLast(new Kept());
        }
        kept.peekLast().add(given);
        keptBytes += given.picture().data().remaining();
        // Those shown around a key frame may depend on what is before it.
        while (kept.size() > 2 && kept.stream().limit(2).allMatch(one -> one.newest < fromTime)) {
            keptBytes -= kept.removeFirst().bytes;
        }
        if (keptBytes > BYTES_MAX) {
            throw new EdgeException("The pictures between two key frames have more than " + BYTES_MAX / 3
                    + " bytes, too many to be encoded anew." + WAY_OUT);
        }
    }

    /** {@return what came since it was asked last, in the order of its showing} Each stands alone that is a key frame. */
    public List<Picture> poll() {
        List<Picture> came = List.copyOf(ready);
        ready.clear();
        return came;
    }

    /** {@return the parameter sets of what came} Once something did. */
    public Optional<AvcConfig> sets() {
        return sets;
    }

    /** {@return whether a viewer waits for its place} Then it is finished soon. */
    public boolean isWanted() {
        return place != null && place.isWanted();
    }

    /** Nothing follows. Blocks until all has come, which {@link #poll} then has. */
    public <E extends Exception> void finish(Wanted<E> wanted) throws IOException, E {
        while (attempt != null) {
            try {
                attempt.session.finish();
            } catch (IOException over) {
                // It says why itself.
            }
            SourceEnd end = end(wanted);
            if (end.kind() == DriverException.Kind.CLOSED && end.cause() == GapCause.UNKNOWN) {
                collect();
                close();
            } else {
                begin(lost(wanted), wanted);
            }
        }
    }

    private <E extends Exception> SourceEnd end(Wanted<E> wanted) throws E {
        while (!attempt.end.isDone()) {
            wanted.require();
            LockSupport.parkNanos(attempt, LOOK_NS);
        }
        return attempt.end.join();
    }

    private void collect() throws EdgeException {
        try {
            List<Picture> came = attempt == null ? List.of() : attempt.pictures.poll();
            if (!came.isEmpty()) {
                ready.addAll(came);
                fromTime = came.get(came.size() - 1).time() + 1;
                losses = 0;
                AvcConfig now = attempt.pictures.sets();
                if (sets.isPresent() && !isSame(sets.get(), now)) {
                    throw new NalException("another process has other parameter sets");
                }
                sets = Optional.of(now);
            }
        } catch (NalException bad) {
            throw new EdgeException(
                    "What the media worker made of pictures is of no use: " + bad.getMessage() + "." + WAY_OUT, bad);
        }
    }

    private static boolean isSame(AvcConfig one, AvcConfig other) {
        return Arrays.equals(one.sps().get(0), other.sps().get(0))
                && Arrays.equals(one.pps().get(0), other.pps().get(0));
    }

    /** The process is over before its time. {@return why, for people} */
    private <E extends Exception> String lost(Wanted<E> wanted) throws IOException, E {
        SourceEnd end = end(wanted);
        collect();
        attempt.session.close();
        attempt = null;
        String why = "Pictures cannot be encoded anew: " + end.detail() + ".";
        losses += end.kind() == DriverException.Kind.BUSY ? 0 : 1;
        if (end.kind() == DriverException.Kind.UNSUPPORTED || losses >= LOSSES_MAX) {
            throw new EdgeException(why + WAY_OUT);
        }
        return why;
    }

    /** Begins a process and gives it all that is kept. */
    private <E extends Exception> void begin(String why, Wanted<E> wanted) throws IOException, E {
        awaitPlace(wanted);
        String last = why;
        for (int i = 0; i < TRIES_MAX; i++) {
            wanted.require();
            Optional<Transcoder> transcoder = encoders.transcoder().get();
            if (transcoder.isPresent()) {
                attempt = new Attempt(fromTime);
                attempt.session = transcoder
                        .get()
                        .transcode(
                                new TranscodeRequest(
                                        order.name(),
                                        order.picture(),
                                        order.heightMax(),
                                        order.kilobits(),
                                        KEY_SECONDS,
                                        Optional.empty(),
                                        fromTime,
                                        order.masks()),
                                attempt);
                try {
                    for (Kept group : kept) {
                        for (Given given : group.pictures) {
                            wanted.require();
                            attempt.give(given);
                        }
                    }
                    return;
                } catch (IOException over) {
                    last = lost(wanted);
                }
            }
            LockSupport.parkNanos(this, restNs);
        }
        throw new EdgeException(last + WAY_OUT);
    }

    private <E extends Exception> void awaitPlace(Wanted<E> wanted) throws E {
        if (place == null) {
            place = encoders.places().get().map(EncoderPlaces::ask).orElse(null);
        }
        while (place != null && !place.isGiven()) {
            wanted.require();
            LockSupport.parkNanos(this, LOOK_NS);
        }
    }

    /** Ends its process and gives its place back; idempotent. */
    @Override
    public void close() {
        if (attempt != null) {
            attempt.session.close();
            attempt = null;
        }
        if (place != null) {
            place.close();
            place = null;
        }
    }
}

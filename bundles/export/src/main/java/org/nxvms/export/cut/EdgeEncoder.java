// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.cut;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.GapCause;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.AvcIds;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.platform.api.worker.SourceEnd;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.SourceTrack;
import org.nxvms.platform.api.worker.TranscodeRequest;
import org.nxvms.platform.api.worker.TranscodeSession;
import org.nxvms.platform.api.worker.Transcoder;

/**
 * Has pictures encoded anew by a media process. A process that is lost, or a media worker that is being exchanged, is waited for,
 * within bounds. One thread.
 */
public final class EdgeEncoder {
    static final String WAY_OUT = " Order with \"cut\": \"key_frame\", which encodes nothing";
    /** Of one edge, which is no longer than a group of pictures. */
    private static final long BYTES_MAX = 64L << 20;

    private static final long LOOK_NS = 50_000_000L;
    private static final long REST_MS = 1_000;
    /** An exchange of the media worker takes seconds, a place among its processes comes within a minute or not soon. */
    private static final int TRIES_MAX = 60;
    /** Pictures that end a process end the next one too. */
    private static final int LOSSES_MAX = 3;

    private final Supplier<Optional<Transcoder>> transcoders;
    private final long restNs;

    public EdgeEncoder(Supplier<Optional<Transcoder>> transcoders) {
        this(transcoders, REST_MS);
    }

    /** @param restMs before it is tried again */
    EdgeEncoder(Supplier<Optional<Transcoder>> transcoders, long restMs) {
        this.transcoders = transcoders;
        this.restNs = restMs * 1_000_000;
    }

    /**
     * What is to be encoded.
     *
     * @param pictures in the order of their decoding, the first of them a key frame
     * @param fromTime pictures shown before it are only decoded
     * @param toTime pictures shown then or later are left out
     */
    public record Order(
            String name,
            TrackFormat format,
            List<Sample> pictures,
            long fromTime,
            long toTime,
            int kilobits,
            AvcIds ids) {}

    /**
     * What became of it.
     *
     * @param pictures in the order of their showing, which is that of their decoding
     */
    public record Encoded(byte[] sps, byte[] pps, List<EdgePictures.Picture> pictures) {}

    /** Of one process. */
    private static final class Attempt implements SourceListener {
        private final EdgePictures pictures;
        private final CompletableFuture<SourceEnd> end = new CompletableFuture<>();

        Attempt(EdgePictures pictures) {
            this.pictures = pictures;
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
    }

    /** Blocks while it is encoded; {@code wanted} is asked meanwhile. */
    public <E extends Exception> Encoded encode(Order order, Wanted<E> wanted) throws IOException, E {
        String why = "The media worker, which encodes pictures anew, is not there.";
        int losses = 0;
        for (int i = 0; i < TRIES_MAX && losses < LOSSES_MAX; i++) {
            wanted.require();
            Optional<Transcoder> transcoder = transcoders.get();
            if (transcoder.isPresent()) {
                EdgePictures pictures = new EdgePictures(order.fromTime(), order.toTime(), order.ids(), BYTES_MAX);
                SourceEnd end = run(transcoder.get(), order, pictures, wanted);
                if (end.kind() == DriverException.Kind.CLOSED && end.cause() == GapCause.UNKNOWN) {
                    return encoded(pictures);
                }
                why = "Pictures at the edge of the range cannot be encoded anew: " + end.detail() + ".";
                if (end.kind() == DriverException.Kind.UNSUPPORTED) {
                    break;
                }
                losses += end.kind() == DriverException.Kind.BUSY ? 0 : 1;
            }
            LockSupport.parkNanos(this, restNs);
        }
        throw new EdgeException(why + WAY_OUT);
    }

    private static Encoded encoded(EdgePictures pictures) throws EdgeException {
        try {
            return pictures.encoded();
        } catch (NalException bad) {
            throw new EdgeException(
                    "What the media worker made of the edge of the range is of no use: " + bad.getMessage() + "."
                            + WAY_OUT,
                    bad);
        }
    }

    private static <E extends Exception> SourceEnd run(
            Transcoder transcoder, Order order, EdgePictures pictures, Wanted<E> wanted) throws E {
        Attempt attempt = new Attempt(pictures);
        TranscodeRequest request = new TranscodeRequest(
                order.name(), order.format(), 0, order.kilobits(), 10, Optional.empty(), order.fromTime());
        try (TranscodeSession session = transcoder.transcode(request, attempt)) {
            try {
                for (Sample picture : order.pictures()) {
                    wanted.require();
                    session.picture(
                            picture.key(),
                            picture.presentationTime(),
                            picture.data().duplicate());
                }
                session.finish();
            } catch (IOException over) {
                // It says why itself.
            }
            while (!attempt.end.isDone()) {
                wanted.require();
                LockSupport.parkNanos(attempt, LOOK_NS);
            }
            return attempt.end.join();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.transcode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.nxvms.media.Codec;
import org.nxvms.media.GapCause;
import org.nxvms.media.ReaderStart;
import org.nxvms.media.StreamBudget;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.live.PumpRest;
import org.nxvms.platform.api.rendition.Form;
import org.nxvms.platform.api.rendition.RenditionStatus;
import org.nxvms.platform.api.rendition.RenditionStatus.State;
import org.nxvms.platform.api.worker.SourceEnd;
import org.nxvms.platform.api.worker.SourceListener;
import org.nxvms.platform.api.worker.SourceTrack;
import org.nxvms.platform.api.worker.TranscodeRequest;
import org.nxvms.platform.api.worker.TranscodeSession;
import org.nxvms.platform.api.worker.Transcoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One rendition while it is made: a thread that reads the source's ring and feeds a process, which the writer of that ring never
 * notices. A source that is faster than the encoder costs its pictures up to the newest key frame. A process that is lost is started
 * again, later each time.
 */
final class Rendition implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Rendition.class);
    private static final long TICK_NS = 5_000_000;
    private static final long REST_MS_FIRST = 500;
    private static final long REST_MS_MAX = 30_000;
    /** What has worked so long is as good as new. */
    private static final long GOOD_PICTURES = 500;

    private static final long STOP_MS_MAX = 2_000;
    private static final long BITRATE_GUESS = 4_000_000;
    private static final int UNIT_BYTES_MAX = 8 << 20;

    private final StreamHub hub;
    private final StreamId stream;
    private final Form form;
    private final int keySeconds;
    private final Supplier<Transcoder> transcoders;
    private final Encoded encoded;
    private final Thread thread;
    private final PumpRest rest = new PumpRest();
    private volatile boolean stopped;
    private volatile State state = State.STARTING;
    private volatile String detail = "";
    private volatile long losses;
    private volatile Attempt attempt;

    // The feeding thread's own.
    private byte[] copy = new byte[256 << 10];
    private Optional<StreamFormat> source = Optional.empty();
    private boolean keyNeeded = true;
    private int failures;
    private long restUntilNs;

    Rendition(StreamHub hub, StreamId stream, Form form, int keySeconds, Supplier<Transcoder> transcoders) {
        this.hub = hub;
        this.stream = stream;
        this.form = form;
        this.keySeconds = keySeconds;
        this.transcoders = transcoders;
        this.encoded = new Encoded(hub.openWriter(
                stream, StreamBudget.forBitrate(form.kilobits() == 0 ? BITRATE_GUESS : form.kilobits() * 1_500L)));
        this.thread = new Thread(this, "nxvms-transcode-" + stream);
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
    }

    void start() {
        thread.start();
    }

    Encoded encoded() {
        return encoded;
    }

    RenditionStatus status() {
        return new RenditionStatus(stream, state, encoded.pictures(), losses, detail);
    }

    /** One process, from its start to its end. */
    private final class Attempt implements SourceListener {
        private volatile TranscodeSession session;
        private volatile long pictures;
        private volatile Optional<SourceEnd> end = Optional.empty();

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
            if (attempt == this && index > 0) {
                encoded.sound(timestamp, data);
            } else if (attempt == this) {
                encoded.picture((flags & KEY) != 0, timestamp, data);
                pictures++;
                state = State.RUNNING;
                detail = "";
            }
        }

        @Override
        public void ended(SourceEnd how) {
            end = Optional.of(how);
            rest.end();
        }
    }

    @Override
    public void run() {
        try (StreamReader reader = hub.openReader(stream.source(), "transcode", ReaderStart.NEWEST_KEY)) {
            boolean hung = reader.ringAt(rest.bell(), false);
            while (!stopped) {
                if (!advance(reader)) {
                    rest.until(hung ? rest.nsMax() : TICK_NS, TICK_NS);
                }
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
        } catch (InterruptedException stop) {
            // It ends.
        } catch (RuntimeException fault) {
            LOG.error("{}: internal fault; it begins anew when it is asked for again", stream, fault);
            detail = "internal fault: " + fault;
        } finally {
            stopped = true;
            drop();
        }
    }

    boolean isOver() {
        return stopped;
    }

    /** {@return whether there may be more to do at once} */
    private boolean advance(StreamReader reader) throws InterruptedException {
        Attempt now = attempt;
        if (now != null && now.end.isPresent()) {
            lost(now, now.end.get());
        }
        switch (reader.poll()) {
            case StreamReader.ACCESS_UNIT -> unit(reader);
            case StreamReader.RUN_START -> begin(reader.format());
            case StreamReader.RUN_END -> {
                drop();
                source = Optional.empty();
                encoded.end(reader.gapCause(), reader.gapDetail());
                state = State.STARTING;
                detail = "the camera sends nothing: " + reader.gapDetail();
            }
            case StreamReader.LAPPED -> keyNeeded = true;
            case StreamReader.CLOSED -> stopped = true;
            default -> {
                return false;
            }
        }
        return true;
    }

    private void begin(StreamFormat format) {
        drop();
        source = Optional.of(format);
        keyNeeded = true;
        failures = 0;
        restUntilNs = System.nanoTime();
        state = State.STARTING;
        detail = "";
        encoded.begin(format);
    }

    private void unit(StreamReader reader) {
        if (source.isEmpty()) {
            begin(reader.format());
        }
        int length = reader.length();
        if (length > UNIT_BYTES_MAX) {
            return;
        }
        if (copy.length < length) {
            copy = new byte[Math.min(UNIT_BYTES_MAX, Math.max(length, copy.length * 2))];
        }
        reader.data().get(copy, 0, length);
        boolean picture = reader.track() == 0;
        boolean key = reader.key();
        if (!reader.intact() || picture && keyNeeded && !key) {
            return;
        }
        ByteBuffer data = ByteBuffer.wrap(copy, 0, length);
        if (picture) {
            picture(key, reader.timestamp(), reader.wallUs(), data);
        } else if (reader.track() == encoded.soundTrack()) {
            sound(reader.timestamp(), reader.wallUs(), data);
        } else {
            encoded.other(reader.track(), reader.flags(), reader.timestamp(), reader.wallUs(), data);
        }
    }

    private void picture(boolean key, long timestamp, long wallUs, ByteBuffer data) {
        Attempt now = attempt;
        if (now == null) {
            now = key && System.nanoTime() - restUntilNs >= 0 ? next() : null;
        }
        if (now == null) {
            keyNeeded = true;
            return;
        }
        keyNeeded = false;
        encoded.sent(timestamp, wallUs);
        try {
            now.session.picture(key, timestamp, data);
        } catch (IOException over) {
            // Its listener is told why in a moment.
            keyNeeded = true;
        }
    }

    private void sound(long timestamp, long wallUs, ByteBuffer data) {
        Attempt now = attempt;
        if (now != null) {
            encoded.soundSent(timestamp, wallUs);
            try {
                now.session.sound(timestamp, data);
            } catch (IOException over) {
                // Its listener is told why in a moment.
                keyNeeded = true;
            }
        }
    }

    /** {@return another process, null when none can be had now} */
    private Attempt next() {
        TrackFormat picture = source.flatMap(StreamFormat::video).orElse(null);
        if (picture == null
                || !(picture.codec() == Codec.H264
                        || picture.codec() == Codec.HEVC
                        || picture.codec() == Codec.MJPEG)) {
            detail = "the camera sends no H.264, H.265 or Motion JPEG";
            return null;
        }
        Transcoder transcoder = transcoders.get();
        if (transcoder == null) {
            detail = "the media worker does not run on this server at the moment";
            return null;
        }
        Attempt made = new Attempt();
        attempt = made;
        made.session = transcoder.transcode(
                new TranscodeRequest(
                        stream.toString(),
                        picture,
                        form.heightMax(),
                        form.kilobits(),
                        keySeconds,
                        encoded.soundFormat()),
                made);
        if (attempt != made) {
            // Who ended it meanwhile found no process yet.
            made.session.close();
            return null;
        }
        return made;
    }

    private void lost(Attempt over, SourceEnd end) {
        attempt = null;
        losses++;
        failures = over.pictures >= GOOD_PICTURES ? 1 : failures + 1;
        long restMs = Math.min(REST_MS_MAX, REST_MS_FIRST << Math.min(10, failures));
        restUntilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(restMs);
        keyNeeded = true;
        state = State.RESTING;
        detail = end.detail();
        encoded.end(end.cause(), end.detail());
        LOG.warn("{} is not made at the moment, again in {} ms: {}", stream, restMs, end.detail());
    }

    private void drop() {
        Attempt now = attempt;
        attempt = null;
        if (now != null && now.session != null) {
            now.session.close();
        }
    }

    /** Ends it, and waits for that; what was sent stays for who still reads. */
    void close(GapCause cause, String why) {
        stopped = true;
        // A pipe that is full is left at once when its process has gone.
        drop();
        thread.interrupt();
        try {
            thread.join(STOP_MS_MAX);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        encoded.end(cause, why);
        encoded.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.EdgeRecordings;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.NalException;
import org.nxvms.media.kit.rtp.Rtcp;
import org.nxvms.media.kit.rtp.RtpHeader;
import org.nxvms.media.kit.rtp.SequenceTracker;
import org.nxvms.media.kit.rtsp.RtspException;
import org.nxvms.media.kit.rtsp.RtspHeaders;
import org.nxvms.media.kit.rtsp.RtspResponse;
import org.nxvms.media.kit.rtsp.RtspSession;
import org.nxvms.media.kit.rtsp.RtspTransport;
import org.nxvms.media.kit.rtsp.RtspUri;
import org.nxvms.media.kit.sdp.SdpException;
import org.nxvms.media.kit.sdp.SessionDescription;

/**
 * A part of a recording, played by RTSP as fast as it is read (ONVIF Streaming Specification 6, {@code Rate-Control: no})
 * and written as MP4 with the times the device tells.
 *
 * <p>The end is not said to the device: that it sends a picture from behind it shows that nothing before is missing.
 */
final class ReplayFile implements EdgeRecordings.Download {
    private static final String MP4 = "video/mp4";
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Pattern BEGINS = Pattern.compile("clock=\\s*(\\d{8})T(\\d{6})(\\.\\d{1,9})?Z.*");
    /** Behind what is said to be the end of a stretch more may follow at once. */
    private static final int AFTER_END_MS = 3_000;
    /** A clock that was set back makes another recording of what follows. */
    private static final long BACK_US_MAX = 10_000_000;
    /** Pictures whose time is not later than that of those before: of B-frames a few, of a clock that stands still all. */
    private static final int STILL_MAX = 1_000;
    /** The pictures from one key frame to the next have come by then, or none that can be used. */
    private static final long GROUP_NANOS_MAX = TimeUnit.MINUTES.toNanos(2);

    /**
     * What is fetched.
     *
     * @param recording for messages
     * @param from by the device's clock, as {@code to}
     */
    record Span(String recording, Instant from, Instant to) {}

    private final ReplayConnection connection;
    private final Span span;
    private final long toUs;
    private final int timeoutMs;
    private final ReplayTrack track;
    private final ReplayTimes times;
    private final RtpHeader packet = new RtpHeader();
    private final Rtcp rtcp = new Rtcp();
    private final SequenceTracker sequence = new SequenceTracker();
    private Optional<ReplaySound> sound;
    private Optional<FootageFile> file = Optional.empty();
    private Optional<TrackFormat> format = Optional.empty();
    private Optional<DriverException> failure = Optional.empty();
    private String target = "";
    private int channel;
    private long aliveNanos;
    private long spokenNano = System.nanoTime();
    private long lastUs = Long.MIN_VALUE;
    private int still;
    private boolean atEnd;
    private boolean over;

    private ReplayFile(ReplayConnection connection, ReplayWay way, Span span, SessionDescription description)
            throws DriverException {
        this.connection = connection;
        this.span = span;
        this.toUs = ChronoUnit.MICROS.between(Instant.EPOCH, span.to());
        this.timeoutMs = way.timeoutMs();
        this.track = ReplayTrack.of(description, new ReplayUnits(this::picture, () -> format = Optional.empty()));
        this.times = new ReplayTimes(track.clockRate());
        this.sound = ReplaySound.of(description, this::heard);
    }

    static ReplayFile begin(ReplayWay way, URI uri, Span span) throws DriverException {
        ReplayConnection connection = ReplayConnection.open(way, uri);
        try {
            connection.always(RtspHeaders.of("Require", "onvif-replay"));
            RtspResponse described = connection.ask(
                    "DESCRIBE", uri.toString(), RtspHeaders.of("Accept", "application/sdp"), (from, at, size) -> {});
            SessionDescription description = SessionDescription.parse(described.body());
            ReplayFile replay = new ReplayFile(connection, way, span, description);
            replay.play(RtspUri.base(described, uri.toString()), description);
            replay.awaitFirst();
            return replay;
        } catch (SdpException | RtspException e) {
            connection.close();
            throw new DriverException(
                    Kind.PROTOCOL, "How the camera describes its recording cannot be read: " + e.getMessage(), e);
        } catch (DriverException e) {
            connection.close();
            throw e;
        } catch (InterruptedException e) {
            connection.close();
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.CLOSED, "The download was ended.", e);
        }
    }

    private void play(String base, SessionDescription description)
            throws DriverException, InterruptedException, RtspException {
        RtspResponse set = connection.ask(
                "SETUP",
                RtspUri.resolve(base, track.control()),
                RtspHeaders.of("Transport", "RTP/AVP/TCP;unicast;interleaved=0-1"),
                (from, at, size) -> {});
        channel = channelOf(set, 0);
        RtspSession session = RtspSession.parse(set.headers()
                .first("Session")
                .orElseThrow(() -> new DriverException(Kind.PROTOCOL, "The camera names no session.")));
        aliveNanos = TimeUnit.SECONDS.toNanos(Math.max(1, session.timeoutS() / 2));
        connection.always(RtspHeaders.of("Require", "onvif-replay").with("Session", session.id()));
        setUpSound(base);
        target = RtspUri.resolve(base, description.control().orElse("*"));
        RtspHeaders wish = RtspHeaders.of("Range", "clock=" + CLOCK.format(span.from()) + "-")
                .with("Rate-Control", "no");
        RtspResponse playing = connection.ask("PLAY", target, wish, this::frame);
        connection.always(RtspHeaders.of("Session", session.id()));
        spokenNano = System.nanoTime();
        playing.headers().first("Range").flatMap(ReplayFile::begins).ifPresent(us -> {
            times.begins(us);
            sound.ifPresent(beside -> beside.begins(us));
        });
    }

    private static int channelOf(RtspResponse set, int wished) throws RtspException {
        RtspTransport transport =
                RtspTransport.parse(set.headers().first("Transport").orElse(""));
        return transport.channels().rtp() < 0 ? wished : transport.channels().rtp();
    }

    /** A device that plays no sound beside the pictures has none. */
    private void setUpSound(String base) throws DriverException, InterruptedException, RtspException {
        if (sound.isEmpty()) {
            return;
        }
        try {
            RtspResponse set = connection.ask(
                    "SETUP",
                    RtspUri.resolve(base, sound.get().control()),
                    RtspHeaders.of("Transport", "RTP/AVP/TCP;unicast;interleaved=2-3"),
                    (from, at, size) -> {});
            sound.get().comesOn(channelOf(set, 2));
        } catch (DriverException refused) {
            if (refused.kind() == Kind.UNREACHABLE || refused.kind() == Kind.CLOSED) {
                throw refused;
            }
            sound = Optional.empty();
        }
    }

    /** Nothing of the recording in the range is told at once. */
    private void awaitFirst() throws DriverException, InterruptedException {
        long begun = System.nanoTime();
        while (!over && file.isEmpty()) {
            more(begun);
        }
        if (file.isEmpty()) {
            throw failure.orElseGet(() -> new DriverException(
                    Kind.NOT_FOUND,
                    "The camera has nothing of the recording '" + span.recording() + "' in this range of time."));
        }
    }

    private static Optional<Long> begins(String range) {
        Matcher told = BEGINS.matcher(range.trim());
        if (!told.matches()) {
            return Optional.empty();
        }
        String day = told.group(1);
        String hour = told.group(2);
        String fraction = Optional.ofNullable(told.group(3)).orElse("");
        return OnvifRecordings.time(day.replaceFirst("(....)(..)(..)", "$1-$2-$3") + "T"
                        + hour.replaceFirst("(..)(..)(..)", "$1:$2:$3") + fraction + "Z")
                .map(at -> ChronoUnit.MICROS.between(Instant.EPOCH, at));
    }

    @Override
    public String mediaType() {
        return MP4;
    }

    @Override
    public int read(ByteBuffer into) throws DriverException, InterruptedException {
        if (connection.isClosed()) {
            throw new DriverException(Kind.CLOSED, "The download has been closed.");
        }
        FootageFile written = file.orElseThrow();
        long begun = System.nanoTime();
        while (!over && !written.isReady()) {
            more(begun);
        }
        if (written.isReady()) {
            return written.read(into);
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return -1;
    }

    /**
     * Takes the next element; what comes whole before a failure is read before that is told.
     *
     * @param begunNano when the wait for what can be read began
     */
    private void more(long begunNano) throws InterruptedException {
        try {
            if (System.nanoTime() - begunNano > GROUP_NANOS_MAX) {
                throw new ReplayConnection.Silence();
            }
            if (System.nanoTime() - spokenNano > aliveNanos) {
                sayAlive();
            }
            Optional<RtspResponse> answer =
                    connection.next(this::frame, atEnd ? Math.min(AFTER_END_MS, timeoutMs) : timeoutMs);
            if (answer.filter(connection::challenges).isPresent()) {
                sayAlive();
            }
        } catch (ReplayConnection.Silence quiet) {
            finish(atEnd ? Optional.empty() : Optional.of(quiet));
        } catch (DriverException e) {
            finish(Optional.of(e));
        }
    }

    private void sayAlive() throws DriverException {
        spokenNano = System.nanoTime();
        connection.send("GET_PARAMETER", target, RtspHeaders.EMPTY);
    }

    private void finish(Optional<DriverException> why) {
        if (!over) {
            over = true;
            failure = why;
            file.ifPresent(FootageFile::end);
        }
    }

    private void frame(int from, int offset, int length) {
        ByteBuffer in = connection.buffer();
        if (over) {
            return;
        }
        if (sound.isPresent() && sound.get().comesBy(from)) {
            hear(in, offset, length);
        } else if (from == channel + 1 && rtcp.parse(in, offset, length) && rtcp.hasBye()) {
            finish(Optional.empty());
        } else if (from == channel && packet.parse(in, offset, length) && packet.payloadType() == track.payloadType()) {
            int lost = sequence.accept(packet.sequence());
            if (lost != SequenceTracker.LATE) {
                times.packet(in, packet);
                track.depacketizer().accept(in, packet, lost);
            }
        }
    }

    private void hear(ByteBuffer in, int offset, int length) {
        if (packet.parse(in, offset, length)) {
            sound.orElseThrow().packet(in, packet);
        }
    }

    private void heard(ByteBuffer bytes, long wallUs) {
        if (!over && wallUs < toUs) {
            file.ifPresent(beside -> beside.addSound(bytes, wallUs));
        }
    }

    private void picture(ReplayUnits.Unit picture) {
        if (over) {
            return;
        }
        Optional<ReplayTimes.Mark> mark = times.of(picture.timestamp());
        if (mark.isEmpty()) {
            finish(Optional.of(new DriverException(
                    Kind.PROTOCOL, "The camera does not tell when the pictures of its recording were taken.")));
            return;
        }
        long wallUs = mark.get().wallUs();
        if (wallUs >= toUs) {
            finish(Optional.empty());
            return;
        }
        Optional<DriverException> trouble = trouble(wallUs);
        if (trouble.isPresent()) {
            finish(trouble);
            return;
        }
        file.orElseThrow().add(picture.bytes(), wallUs, picture.key());
        lastUs = Math.max(lastUs, wallUs);
        atEnd = mark.get().end();
        if (mark.get().terminal()) {
            finish(Optional.empty());
        }
    }

    /** A file has one format, and time goes on in it. */
    private Optional<DriverException> trouble(long wallUs) {
        String at = Instant.EPOCH.plus(wallUs, ChronoUnit.MICROS).toString();
        if (lastUs != Long.MIN_VALUE && wallUs < lastUs - BACK_US_MAX) {
            return Optional.of(new DriverException(
                    Kind.PROTOCOL,
                    "The camera's clock went back to " + at + " in its recording; fetch on from there."));
        }
        still = wallUs > lastUs ? 0 : still + 1;
        if (still > STILL_MAX) {
            return Optional.of(new DriverException(
                    Kind.PROTOCOL, "The time of the camera's recording stands still at " + at + "."));
        }
        if (format.isEmpty()) {
            try {
                TrackFormat now = track.source().format();
                if (file.isPresent()) {
                    return Optional.of(new DriverException(
                            Kind.UNSUPPORTED,
                            "The recording has another format from " + at + " on (" + now.codecString() + ", "
                                    + now.width() + "x" + now.height() + "); fetch on from there."));
                }
                format = Optional.of(now);
                file = Optional.of(new FootageFile(now, sound.map(ReplaySound::format)));
            } catch (NalException e) {
                return Optional.of(new DriverException(
                        Kind.PROTOCOL, "The format of the camera's recording cannot be read: " + e.getMessage(), e));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        if (!connection.isClosed()) {
            try {
                connection.send("TEARDOWN", target, RtspHeaders.EMPTY);
            } catch (DriverException gone) {
                // The device notices by itself.
            }
            connection.close();
        }
    }
}

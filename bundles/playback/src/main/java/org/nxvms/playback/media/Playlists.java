// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.platform.api.archive.FootageKeyMissingException;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.rest.kit.coding.AcceptEncoding;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.Times;
import org.nxvms.rest.kit.servlet.ByteRange;
import org.nxvms.rest.kit.servlet.StandingAccess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /media/v1/archive/{cameraId}/index.m3u8?from&to&stream=}: a range of footage as HLS, see {@link
 * VodPlaylist}; there, too: {@code manifest.mpd}, the same as DASH, see {@link VodManifest}; {@code keyframes.m3u8}, its key frames,
 * see {@link VodKeyFrames}; {@code variants.m3u8}, the streams that have footage of it, see {@link VodVariants}; {@code thumbnails.vtt}, where its
 * thumbnails lie, see {@link VodCues}. A range that reaches up
 * to now holds what is on disk at the moment of asking.
 */
final class Playlists {
    static final String FILE = "/index.m3u8";

    private static final String DASH_FILE = "/manifest.mpd";
    private static final String KEYS_FILE = "/keyframes.m3u8";
    private static final String VARIANTS_FILE = "/variants.m3u8";
    private static final String CUES_FILE = "/thumbnails.vtt";

    private static final Logger LOG = LoggerFactory.getLogger(Playlists.class);
    /** What each of them is asked by. */
    private static final Map<String, Set<String>> PARAMETERS = Map.of(
            FILE, new TreeSet<>(List.of("from", "to", "stream")),
            DASH_FILE, new TreeSet<>(List.of("from", "to", "stream")),
            KEYS_FILE, new TreeSet<>(List.of("from", "to", "stream", "step")),
            VARIANTS_FILE, new TreeSet<>(List.of("from", "to")),
            CUES_FILE, new TreeSet<>(List.of("from", "to", "stream", "step", "width")));

    private static final long STEP_MS_DEFAULT = 1_000;
    private static final long STEP_MS_MAX = 3_600_000;
    /** A day; longer ranges are several playlists. */
    static final long RANGE_US_MAX = 86_400_000_000L;

    private static final int SEGMENTS_PAGE = 1_000;
    /** Playlists written at once; each reads an index per segment. */
    private static final int WRITERS_MAX = 8;

    private static final int GZIP_FROM_BYTES = 4_096;

    /** Playlists that are written or sent; packed, each is about a megabyte at most. */
    private static final Transfers.Limits LIMITS = new Transfers.Limits(48, 16, 120_000);

    private final Semaphore writers = new Semaphore(WRITERS_MAX);
    private final Transfers transfers = new Transfers("playlists");

    Playlists() {
        transfers.limit(LIMITS);
    }

    /** {@return whether a path is that of a playlist or manifest} */
    static boolean isOne(String path) {
        return PARAMETERS.containsKey(file(path));
    }

    private static String file(String path) {
        return path.substring(Math.max(0, path.lastIndexOf('/')));
    }

    /** {@return playlists that are being written or sent} */
    int active() {
        return transfers.active();
    }

    /**
     * What of whom, by whom, as long as it may be seen.
     *
     * @param sound whether who asks may listen: what is told of sound by itself depends on it
     * @param whole throws for a segment that whoever asks may not be sent as it lies on the disk
     */
    record Asked(
            Archive footage, UUID camera, UUID user, boolean sound, StandingAccess access, Consumer<Segment> whole) {}

    /** Answers who may see the camera's footage; {@code path} says as what. */
    void answer(String path, Asked asked, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Transfers.Slot slot = transfers.take(asked.user());
        boolean handedOver = false;
        try {
            byte[] text = text(path, asked, request);
            response.setContentType(
                    switch (file(path)) {
                        case DASH_FILE -> "application/dash+xml";
                        case CUES_FILE -> "text/vtt";
                        default -> "application/vnd.apple.mpegurl";
                    });
            response.setHeader("Cache-Control", "private, no-cache");
            response.setHeader("X-Content-Type-Options", "nosniff");
            send(text, asked, slot, request, response);
            handedOver = true;
        } finally {
            if (!handedOver) {
                slot.close();
            }
        }
    }

    private byte[] text(String path, Asked asked, HttpServletRequest request) throws IOException {
        MediaServlet.checkParameters(request.getParameterMap(), PARAMETERS.get(file(path)));
        Times.Range range = Times.range(request.getParameter("from"), request.getParameter("to"));
        if (range.toUs() - range.fromUs() > RANGE_US_MAX) {
            throw Problem.validation(
                            "to", "\"to\" must lie at most 24 hours after \"from\". Ask for several playlists.")
                    .exception();
        }
        StreamId stream = new StreamId(asked.camera(), MediaServlet.role(request.getParameter("stream")));
        Archive footage = asked.footage();
        String text =
                switch (file(path)) {
                    case DASH_FILE -> manifest(asked, stream, range);
                    case KEYS_FILE -> keyFrames(asked, stream, range, stepUs(request.getParameter("step")));
                    case CUES_FILE -> cues(footage, stream, range, request);
                    case VARIANTS_FILE -> variants(asked, range, request);
                    default -> playlist(asked, stream, range);
                };
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private String playlist(Asked asked, StreamId stream, Times.Range range) throws IOException {
        VodPlaylist playlist = new VodPlaylist(range.fromUs(), range.toUs(), asked.sound());
        write(asked.footage(), stream, range, (segment, index) -> {
            if (!HlsTracks.picturesAlone(segment, asked.sound())) {
                // Said here: a player that is refused each segment only says that it cannot play.
                asked.whole().accept(segment);
            }
            return playlist.add(segment, index);
        });
        return playlist.partCount() == 0 ? nothing() : playlist.text();
    }

    private String manifest(Asked asked, StreamId stream, Times.Range range) throws IOException {
        MediaTimes times = new MediaTimes(asked.footage(), asked.sound());
        VodManifest manifest = new VodManifest(range.fromUs(), range.toUs(), times::begin);
        LeftOut leftOut = new LeftOut(manifest::add);
        write(asked.footage(), stream, range, leftOut);
        if (manifest.partCount() == 0) {
            leftOut.raise();
            nothing();
        }
        return manifest.text();
    }

    private String keyFrames(Asked asked, StreamId stream, Times.Range range, long stepUs) throws IOException {
        VodKeyFrames playlist = new VodKeyFrames(range.fromUs(), range.toUs(), stepUs, asked.sound());
        write(asked.footage(), stream, range, playlist::add);
        return playlist.count() == 0 ? nothing() : playlist.text();
    }

    private static long stepUs(String text) {
        if (text == null) {
            return STEP_MS_DEFAULT * 1_000;
        }
        long ms = text.matches("\\d{1,7}") ? Long.parseLong(text) : -1;
        if (ms < 0 || ms > STEP_MS_MAX) {
            throw Problem.malformed(
                            "step", "\"step\" must be 0.." + STEP_MS_MAX + ", in milliseconds from one to the next.")
                    .exception();
        }
        return ms * 1_000;
    }

    private String cues(Archive footage, StreamId stream, Times.Range range, HttpServletRequest request)
            throws IOException {
        VodCues cues = new VodCues(
                range.fromUs(),
                range.toUs(),
                SheetAnswers.stepUs(request.getParameter("step")),
                SheetAnswers.width(request.getParameter("width")),
                stream.role().id());
        write(footage, stream, range, cues::add);
        return cues.partCount() == 0 ? nothing() : cues.text();
    }

    private String variants(Asked asked, Times.Range range, HttpServletRequest request) throws IOException {
        VodVariants variants = new VodVariants(request.getParameter("from"), request.getParameter("to"), asked.sound());
        for (StreamRole role : StreamRole.values()) {
            VodVariants.Measured measured = new VodVariants.Measured();
            eachSegment(asked.footage(), new StreamId(asked.camera(), role), range, measured::add);
            if (!measured.isEmpty()) {
                variants.add(role, measured);
            }
        }
        return variants.isEmpty() ? nothing() : variants.text();
    }

    private static String nothing() {
        throw Problem.notFound(
                        "There is no footage of this stream in the range. GET /api/v1/timeline shows where there is.")
                .exception();
    }

    /** What takes the segments of a range. */
    @FunctionalInterface
    private interface Listed {
        /** {@return whether there was room} */
        boolean add(Segment segment, List<FragmentEntry> index) throws IOException;
    }

    /** What cannot be read, or not be deciphered, is a hole; a player shows what lies before and behind it. */
    private static final class LeftOut implements Listed {
        private final Listed listed;
        private IOException first;

        LeftOut(Listed listed) {
            this.listed = listed;
        }

        @Override
        public boolean add(Segment segment, List<FragmentEntry> index) throws IOException {
            try {
                return listed.add(segment, index);
            } catch (FootageDamagedException | FootageKeyMissingException unreadable) {
                if (first == null) {
                    first = unreadable;
                    LOG.warn(
                            "Left out of a manifest, and others of the same range perhaps: {}",
                            unreadable.getMessage());
                }
                return true;
            }
        }

        /** Says why nothing is there, if that is why. */
        void raise() throws IOException {
            if (first != null) {
                throw first;
            }
        }
    }

    private void write(Archive footage, StreamId stream, Times.Range range, Listed listed) throws IOException {
        eachSegment(footage, stream, range, segment -> add(footage, listed, segment));
    }

    /** Takes a segment. */
    @FunctionalInterface
    private interface Taken {
        void take(Segment segment) throws IOException;
    }

    private void eachSegment(Archive footage, StreamId stream, Times.Range range, Taken taken) throws IOException {
        if (!writers.tryAcquire()) {
            throw Problem.unavailable("Too many playlists are being written now. Try again in a second.", 1)
                    .exception();
        }
        try {
            long fromUs = range.fromUs();
            List<Segment> page;
            do {
                page = footage.segments(stream, fromUs, range.toUs(), SEGMENTS_PAGE);
                for (Segment segment : page) {
                    taken.take(segment);
                    fromUs = Math.max(fromUs + 1, segment.endUs());
                }
            } while (page.size() == SEGMENTS_PAGE && fromUs < range.toUs());
        } finally {
            writers.release();
        }
    }

    private static void add(Archive footage, Listed listed, Segment segment) throws IOException {
        try {
            if (!listed.add(segment, footage.index(segment.id()))) {
                throw Problem.validation(
                                "to",
                                "The range has more than " + RangeCut.PARTS_MAX
                                        + " parts because of short groups of pictures. Ask for a shorter one.")
                        .exception();
            }
        } catch (NoSuchFileException e) {
            // Retention removed it since it was listed: a hole like any other.
            LOG.debug("Segment {} went while it was listed", segment.id());
        }
    }

    /** Sends without holding a thread while the client is slow; the place is given back when that is over. */
    private void send(
            byte[] text, Asked asked, Transfers.Slot slot, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.setHeader("Vary", "Accept-Encoding");
        boolean packed =
                AcceptEncoding.allowsGzip(request.getHeader("Accept-Encoding")) && text.length >= GZIP_FROM_BYTES;
        PackedText body = PackedText.of(text, !packed);
        if (packed) {
            response.setHeader("Content-Encoding", "gzip");
        }
        if (!MediaServlet.isGet(request)) {
            // The length of what GET sends, packed or not.
            response.setContentLengthLong(body.size());
            body.close();
            slot.close();
            return;
        }
        response.setContentLengthLong(body.size());
        transfers.start(request, response, body, ByteRange.of(null, body.size()), slot, asked.access());
    }
}

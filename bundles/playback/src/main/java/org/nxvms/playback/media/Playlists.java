// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.Times;
import org.nxvms.rest.kit.servlet.ByteRange;
import org.nxvms.rest.kit.servlet.StandingAccess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /media/v1/archive/{cameraId}/index.m3u8?from&to&stream=}: a range of footage as HLS, see {@link
 * VodPlaylist}; {@code manifest.mpd} there: the same as DASH, see {@link VodManifest}. A range that reaches up to now holds what is on disk at the moment of asking.
 */
final class Playlists {
    static final String FILE = "/index.m3u8";

    static final String DASH_FILE = "/manifest.mpd";

    private static final Logger LOG = LoggerFactory.getLogger(Playlists.class);
    private static final Set<String> PARAMETERS = new TreeSet<>(List.of("from", "to", "stream"));
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

    /** {@return playlists that are being written or sent} */
    int active() {
        return transfers.active();
    }

    /** What of whom, by whom, as long as it may be seen. */
    record Asked(Archive footage, UUID camera, UUID user, StandingAccess access) {}

    /** Answers who may see the camera's footage; {@code path} says as what. */
    void answer(String path, Asked asked, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Transfers.Slot slot = transfers.take(asked.user());
        boolean handedOver = false;
        try {
            byte[] text = text(path, asked, request);
            response.setContentType(
                    path.endsWith(DASH_FILE) ? "application/dash+xml" : "application/vnd.apple.mpegurl");
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
        MediaServlet.checkParameters(request.getParameterMap(), PARAMETERS);
        Times.Range range = Times.range(request.getParameter("from"), request.getParameter("to"));
        if (range.toUs() - range.fromUs() > RANGE_US_MAX) {
            throw Problem.validation(
                            "to", "\"to\" must lie at most 24 hours after \"from\". Ask for several playlists.")
                    .exception();
        }
        StreamId stream = new StreamId(asked.camera(), MediaServlet.role(request.getParameter("stream")));
        String text = path.endsWith(DASH_FILE)
                ? manifest(asked.footage(), stream, range)
                : playlist(asked.footage(), stream, range);
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private String playlist(Archive footage, StreamId stream, Times.Range range) throws IOException {
        VodPlaylist playlist = new VodPlaylist(range.fromUs(), range.toUs());
        write(footage, stream, range, playlist::add);
        return playlist.partCount() == 0 ? nothing() : playlist.text();
    }

    private String manifest(Archive footage, StreamId stream, Times.Range range) throws IOException {
        VodManifest manifest = new VodManifest(range.fromUs(), range.toUs(), new MediaTimes(footage)::startUs);
        write(footage, stream, range, manifest::add);
        return manifest.partCount() == 0 ? nothing() : manifest.text();
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

    private void write(Archive footage, StreamId stream, Times.Range range, Listed listed) throws IOException {
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
                    add(footage, listed, segment);
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
        String accepted = request.getHeader("Accept-Encoding");
        boolean packed = accepted != null
                && accepted.contains("gzip")
                && text.length >= GZIP_FROM_BYTES
                && MediaServlet.isGet(request);
        if (!MediaServlet.isGet(request)) {
            response.setContentLength(text.length);
            slot.close();
            return;
        }
        PackedText body = PackedText.of(text, !packed);
        if (packed) {
            response.setHeader("Content-Encoding", "gzip");
        }
        response.setContentLengthLong(body.size());
        transfers.start(request, response, body, ByteRange.of(null, body.size()), slot, asked.access());
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.LongConsumer;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.worker.MediaWorker;
import org.nxvms.playback.played.StreamWish;
import org.nxvms.playback.thumbnail.Thumbnails;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.problem.Times;
import org.nxvms.rest.kit.servlet.KeptAnswers;

/** Pictures of moments over HTTP: {@code thumbnail.jpg?at&width&stream&exact}. */
final class ThumbnailAnswers {
    static final String FILE = "/thumbnail.jpg";

    private static final Set<String> PARAMETERS = new TreeSet<>(List.of("at", "width", "stream", "exact"));
    private static final int WIDTH_DEFAULT = 320;
    private static final int WIDTH_DIGITS_MAX = 5;
    private static final int RETRY_AFTER_SECONDS = 1;
    private static final int UNPROCESSABLE = 422;

    private final Thumbnails thumbnails;

    ThumbnailAnswers(Thumbnails thumbnails) {
        this.thumbnails = thumbnails;
    }

    /**
     * What is asked of whom, by whom.
     *
     * @param worker null while it is absent
     * @param seen is told of which moment a picture is sent, before it is
     */
    record Scene(Archive archive, MediaWorker worker, UUID camera, AuthenticatedUser user, LongConsumer seen) {}

    /** Answers who may see the camera's footage. */
    void answer(Scene scene, HttpServletRequest request, HttpServletResponse response) throws IOException {
        MediaServlet.checkParameters(request.getParameterMap(), PARAMETERS);
        long atUs = Times.micros(request.getParameter("at"), "at");
        int width = Thumbnails.width(width(request.getParameter("width")));
        StreamWish wish = MediaServlet.wish(request.getParameter("stream"));
        Found frame = found(scene, wish, atUs, exact(request.getParameter("exact")))
                .orElseThrow(() -> Problem.notFound("There is no footage of this stream at this moment."
                                + " GET /api/v1/timeline shows where there is.")
                        .exception());
        String etag = "\"" + frame.segmentId() + "-" + Long.toHexString(frame.offset()) + "-" + width + "\"";
        response.setHeader("ETag", etag);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader(
                "X-NXvms-Captured",
                Times.instant(frame.takenUs() / 1_000 * 1_000).toString());
        // A nearer key frame may come to a segment that grows.
        if (frame.settled()) {
            KeptAnswers.immutable(response, MediaServlet.YEAR_SECONDS);
        } else {
            response.setHeader("Cache-Control", "private, no-cache");
        }
        if (Etags.names(request.getHeader("If-None-Match"), etag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        byte[] jpeg = jpeg(scene, frame, width);
        response.setContentType("image/jpeg");
        response.setContentLength(jpeg.length);
        if (MediaServlet.isGet(request)) {
            scene.seen().accept(frame.takenUs());
            response.getOutputStream().write(jpeg);
        }
    }

    /** A picture that was found. */
    private record Found(UUID segmentId, long offset, long takenUs, boolean settled, Making making) {}

    /** Makes it. */
    @FunctionalInterface
    private interface Making {
        byte[] by(MediaWorker worker, int width) throws IOException, DriverException;
    }

    /** Of the stream with footage then, the preferred one first. */
    private Optional<Found> found(Scene scene, StreamWish wish, long atUs, boolean exact) throws IOException {
        for (StreamId stream : wish.of(scene.camera())) {
            Optional<Found> found = found(scene, stream, atUs, exact);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<Found> found(Scene scene, StreamId stream, long atUs, boolean exact) throws IOException {
        Archive archive = scene.archive();
        UUID user = scene.user().id();
        if (!exact) {
            return thumbnails
                    .frame(archive, stream, atUs)
                    .map(frame -> new Found(
                            frame.segmentId(),
                            frame.offset(),
                            frame.startUs(),
                            frame.settled(),
                            (worker, width) -> thumbnails
                                    .make(archive, worker::jpeg, frame, width, user)
                                    .jpeg()));
        }
        try {
            return thumbnails
                    .exactFrame(archive, stream, atUs, user)
                    .map(frame -> new Found(
                            frame.segmentId(),
                            frame.offset(),
                            frame.takenUs(),
                            frame.settled(),
                            (worker, width) -> thumbnails.exact(archive, worker::jpeg, frame, width, user)));
        } catch (DriverException noPicture) {
            throw failed(noPicture);
        }
    }

    private static byte[] jpeg(Scene scene, Found frame, int width) throws IOException {
        try {
            return frame.making().by(Absent.require(scene.worker(), "The media worker"), width);
        } catch (DriverException e) {
            throw failed(e);
        }
    }

    private static boolean exact(String text) {
        if (text == null || text.equals("false")) {
            return false;
        }
        if (!text.equals("true")) {
            throw Problem.malformed("exact", "\"exact\" must be true or false.").exception();
        }
        return true;
    }

    /** {@return what is answered when no picture was made} */
    static ProblemException failed(DriverException e) {
        return new ProblemException(
                e.kind() == Kind.UNSUPPORTED
                        ? Problem.of(
                                "picture-unsupported",
                                "No picture can be made of it",
                                UNPROCESSABLE,
                                "No picture can be made of the footage at this moment: " + e.getMessage()
                                        + ". Ask for another moment.")
                        : Problem.unavailable(
                                "No picture was made now: " + e.getMessage() + ". Try again in a second.",
                                RETRY_AFTER_SECONDS),
                e);
    }

    private static int width(String text) {
        if (text == null) {
            return WIDTH_DEFAULT;
        }
        boolean number = !text.isEmpty()
                && text.length() <= WIDTH_DIGITS_MAX
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int width = number ? Integer.parseInt(text) : 0;
        if (width < Thumbnails.WIDTH_MIN || width > Thumbnails.WIDTH_MAX) {
            throw Problem.malformed(
                            "width", "\"width\" must be " + Thumbnails.WIDTH_MIN + ".." + Thumbnails.WIDTH_MAX + ".")
                    .exception();
        }
        return width;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.worker.MediaWorker;
import org.nxvms.playback.thumbnail.KeyFrame;
import org.nxvms.playback.thumbnail.Sheets;
import org.nxvms.playback.thumbnail.Thumbnails;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.Times;
import org.nxvms.rest.kit.servlet.KeptAnswers;

/** Sheets of thumbnails over HTTP: {@code sheet.jpg?at&step&width&stream}. Where what lies on them says {@link VodCues}. */
final class SheetAnswers {
    static final String FILE = "/sheet.jpg";
    static final long STEP_MS_DEFAULT = 10_000;
    static final int WIDTH_DEFAULT = 160;

    private static final long STEP_MS_MIN = 1_000;
    private static final long STEP_MS_MAX = 3_600_000;
    private static final Set<String> PARAMETERS = new TreeSet<>(List.of("at", "step", "width", "stream"));

    private final Sheets sheets;

    SheetAnswers(Thumbnails thumbnails) {
        sheets = new Sheets(thumbnails);
    }

    /** Told of which time pictures are sent, before they are. */
    @FunctionalInterface
    interface Seen {
        void seen(long fromUs, long toUs);
    }

    /** Answers who may see the camera's footage. */
    void answer(ThumbnailAnswers.Scene scene, Seen seen, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        MediaServlet.checkParameters(request.getParameterMap(), PARAMETERS);
        long atUs = Times.micros(request.getParameter("at"), "at");
        long stepUs = stepUs(request.getParameter("step"));
        int width = width(request.getParameter("width"));
        StreamId stream = new StreamId(scene.camera(), MediaServlet.role(request.getParameter("stream")));
        Sheets.Plan plan = sheets.plan(scene.archive(), stream, Sheets.begin(atUs, stepUs), stepUs, width);
        if (plan.isEmpty()) {
            throw Problem.notFound("There is no footage of this stream on this sheet."
                            + " GET /api/v1/timeline shows where there is.")
                    .exception();
        }
        String etag = "\"" + plan.tag() + "\"";
        response.setHeader("ETag", etag);
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (plan.settled()) {
            KeptAnswers.immutable(response, MediaServlet.YEAR_SECONDS);
        } else {
            response.setHeader("Cache-Control", "private, no-cache");
        }
        if (Etags.names(request.getHeader("If-None-Match"), etag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        byte[] jpeg = jpeg(scene, plan);
        response.setContentType("image/jpeg");
        response.setContentLength(jpeg.length);
        if (MediaServlet.isGet(request)) {
            long[] shownUs = plan.frames().stream()
                    .flatMap(Optional::stream)
                    .mapToLong(KeyFrame::startUs)
                    .sorted()
                    .toArray();
            seen.seen(shownUs[0], shownUs[shownUs.length - 1]);
            response.getOutputStream().write(jpeg);
        }
    }

    private byte[] jpeg(ThumbnailAnswers.Scene scene, Sheets.Plan plan) throws IOException {
        try {
            MediaWorker worker = Absent.require(scene.worker(), "The media worker");
            return sheets.make(scene.archive(), worker::jpeg, plan, scene.user().id());
        } catch (DriverException e) {
            throw ThumbnailAnswers.failed(e);
        }
    }

    /** {@return how far the moments of a sheet are from each other} */
    static long stepUs(String text) {
        OptionalLong ms = number(text, STEP_MS_DEFAULT, 7);
        if (ms.isEmpty()
                || ms.getAsLong() < STEP_MS_MIN
                || ms.getAsLong() > STEP_MS_MAX
                || ms.getAsLong() % STEP_MS_MIN != 0) {
            throw Problem.malformed(
                            "step",
                            "\"step\" must be whole seconds in milliseconds, " + STEP_MS_MIN + ".." + STEP_MS_MAX + ".")
                    .exception();
        }
        return ms.getAsLong() * 1_000;
    }

    /** {@return the width of a cell that is made for one that is asked for} */
    static int width(String text) {
        OptionalLong width = number(text, WIDTH_DEFAULT, 3);
        if (width.isEmpty() || width.getAsLong() < Thumbnails.WIDTH_MIN || width.getAsLong() > Sheets.WIDTH_MAX) {
            throw Problem.malformed(
                            "width", "\"width\" must be " + Thumbnails.WIDTH_MIN + ".." + Sheets.WIDTH_MAX + ".")
                    .exception();
        }
        return Thumbnails.width((int) width.getAsLong());
    }

    private static OptionalLong number(String text, long byDefault, int digitsMax) {
        if (text == null) {
            return OptionalLong.of(byDefault);
        }
        return text.matches("\\d{1," + digitsMax + "}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}

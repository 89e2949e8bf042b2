// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.servlet.http.HttpServletRequest;
import org.nxvms.media.StreamId;
import org.nxvms.rest.kit.live.LiveStreams;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/**
 * What an address below {@code /media/v1/live} asks for. Media of a stream lie in a folder of its name, those without its
 * sound in one of their own: so a right to listen is asked for where there is something to hear.
 */
sealed interface Address {
    /** Which camera it is about. */
    UUID cameraId();

    /** {@code {cameraId}/index.m3u8?stream=&_HLS_msn=&_HLS_part=}; number -1: what there is now. */
    record Playlist(StreamId stream, long number, int part) implements Address {
        @Override
        public UUID cameraId() {
            return stream.cameraId();
        }
    }

    /** {@code {cameraId}/keyframes.m3u8?stream=&_HLS_msn=} */
    record KeyFrames(StreamId stream, long number) implements Address {
        @Override
        public UUID cameraId() {
            return stream.cameraId();
        }
    }

    /** {@code {cameraId}/variants.m3u8}: all streams of the camera. */
    record Variants(UUID cameraId) implements Address {}

    /** {@code {cameraId}/manifest.mpd?stream=} */
    record Manifest(StreamId stream) implements Address {
        @Override
        public UUID cameraId() {
            return stream.cameraId();
        }
    }

    /** {@code {cameraId}/main/init-{id}.mp4}, of one track by itself {@code init-{id}-v.mp4} or {@code -a.mp4}. */
    record Init(UUID cameraId, Feed.Key key, Track track, String initId) implements Address {}

    /** {@code {cameraId}/main/{number}.{part}.m4s}, or all of a segment without the part. */
    record Media(UUID cameraId, Feed.Key key, long number, int part) implements Address {}

    /**
     * {@code {cameraId}/main/t/{ticks}.m4s}, the segment that begins at that time; one track of it by itself is
     * {@code main/v/{ticks}.m4s} or {@code main/a/{ticks}.m4s}, each by its own clock.
     */
    record Timed(UUID cameraId, Feed.Key key, Track track, long ticks) implements Address {}

    /** What stands behind the role in the folder of media without sound. */
    String SILENT = "-silent";

    Pattern FILE = Pattern.compile(
            "/([0-9a-fA-F-]{36})/(?:((?:index|keyframes|variants)\\.m3u8|manifest\\.mpd)"
                    + "|([a-z]{1,8}(?:~[a-z0-9-]{1,32}?)?)(-silent)?"
                    + "/(?:init-([0-9a-f]{64})(?:-([va]))?\\.mp4|([tva])/(\\d{1,18})\\.m4s|(\\d{1,15})(?:\\.(\\d{1,4}))?\\.m4s))");

    /**
     * {@return what is asked for}
     *
     * @throws ProblemException 404 for an address that is nothing, 400 for a parameter that cannot be read
     */
    static Address of(HttpServletRequest request) {
        String path = request.getPathInfo();
        Matcher file = FILE.matcher(path == null ? "" : path);
        if (!file.matches()) {
            throw nothing().exception();
        }
        UUID camera = camera(file.group(1));
        if (file.group(2) != null) {
            return switch (file.group(2)) {
                case "manifest.mpd" -> manifest(camera, request);
                case "keyframes.m3u8" -> keyFrames(camera, request);
                case "variants.m3u8" -> variants(camera, request);
                default -> playlist(camera, request);
            };
        }
        requireOnly(request, List.of());
        Feed.Key key = new Feed.Key(folder(camera, file.group(3)), file.group(4) == null);
        if (file.group(5) != null) {
            return new Init(camera, key, Track.of(file.group(6)), file.group(5));
        }
        if (file.group(7) != null) {
            return new Timed(camera, key, Track.of(file.group(7)), Long.parseLong(file.group(8)));
        }
        int part = file.group(10) == null ? Timeline.WHOLE : Integer.parseInt(file.group(10));
        return new Media(camera, key, Long.parseLong(file.group(9)), part);
    }

    /** {@return the folder of a stream's media, as seen from its playlist} */
    static String folder(Feed.Key key) {
        return key.stream().name() + (key.sound() ? "" : SILENT);
    }

    private static Address manifest(UUID camera, HttpServletRequest request) {
        requireOnly(request, List.of("stream"));
        return new Manifest(LiveStreams.of(camera, request.getParameter("stream")));
    }

    private static Address variants(UUID camera, HttpServletRequest request) {
        requireOnly(request, List.of());
        return new Variants(camera);
    }

    private static Address keyFrames(UUID camera, HttpServletRequest request) {
        requireOnly(request, List.of("stream", "_HLS_msn"));
        return new KeyFrames(
                LiveStreams.of(camera, request.getParameter("stream")),
                whole(request, "_HLS_msn", 15).orElse(-1L));
    }

    private static Address playlist(UUID camera, HttpServletRequest request) {
        requireOnly(request, List.of("stream", "_HLS_msn", "_HLS_part"));
        Optional<Long> number = whole(request, "_HLS_msn", 15);
        Optional<Long> part = whole(request, "_HLS_part", 4);
        if (part.isPresent() && number.isEmpty()) {
            throw Problem.malformed(
                            "_HLS_part", "\"_HLS_part\" is a part of a segment: give its number as \"_HLS_msn\" too.")
                    .exception();
        }
        return new Playlist(
                LiveStreams.of(camera, request.getParameter("stream")),
                number.orElse(-1L),
                part.orElse((long) Timeline.WHOLE).intValue());
    }

    private static Optional<Long> whole(HttpServletRequest request, String name, int digitsMax) {
        String text = request.getParameter(name);
        if (text == null) {
            return Optional.empty();
        }
        if (!text.matches("\\d{1," + digitsMax + "}")) {
            throw Problem.malformed(
                            name, "\"" + name + "\" must be a whole number, as players read it in the playlist.")
                    .exception();
        }
        return Optional.of(Long.parseLong(text));
    }

    private static StreamId folder(UUID camera, String text) {
        try {
            return StreamId.of(camera, text);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(nothing(), e);
        }
    }

    private static UUID camera(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(nothing(), e);
        }
    }

    private static Problem nothing() {
        return Problem.notFound(
                "There is nothing here. Ask for /media/v1/live/{cameraId}/index.m3u8, variants.m3u8, keyframes.m3u8 or"
                        + " manifest.mpd.");
    }

    private static void requireOnly(HttpServletRequest request, List<String> known) {
        request.getParameterMap().forEach((name, values) -> {
            if (!known.contains(name)) {
                throw Problem.malformed(
                                name,
                                "\"" + name + "\" is not a query parameter here."
                                        + (known.isEmpty() ? "" : " Known are: " + String.join(", ", known) + "."))
                        .exception();
            }
            if (values.length > 1) {
                throw Problem.malformed(name, "\"" + name + "\" stands twice. Give it once.")
                        .exception();
            }
        });
    }
}

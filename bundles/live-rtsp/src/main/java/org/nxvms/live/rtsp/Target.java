// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.kit.rtsp.RtspUri;
import org.nxvms.platform.api.security.Permission;

/**
 * What an address names: {@code /live/{cameraId}[/main|/sub|/main~480p][/track{n}]}, or the same with {@code archive} and
 * {@code ?from=…&to=…} behind it.
 *
 * @param recorded whether footage is meant
 * @param stream of a camera
 * @param track of the stream, empty for all of them
 * @param range of footage that is meant
 */
record Target(boolean recorded, StreamId stream, OptionalInt track, ClockRange range) {
    private static final Pattern PATH =
            Pattern.compile("/(live|archive)/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
                    + "(?:/((?:main|sub)(?:~[a-z0-9-]{1,32})?))?(?:/track(\\d))?/?");
    /** Many clients put the track's name behind the query. */
    private static final Pattern TRACK_BEHIND = Pattern.compile("(.*?)/?(/track\\d)?/?");

    private static final Pattern STREAM_ASKED = Pattern.compile("(?:^|&)stream=");

    /** Parses the address of a request. */
    static Target parse(String uri) throws Refusal {
        String whole = path(uri);
        int mark = whole.indexOf('?');
        Matcher behind = TRACK_BEHIND.matcher(mark < 0 ? "" : whole.substring(mark + 1));
        String query = behind.matches() ? behind.group(1) : "";
        String track = behind.matches() && behind.group(2) != null ? behind.group(2) : "";
        Matcher path = PATH.matcher((mark < 0 ? whole : whole.substring(0, mark)) + track);
        if (!path.matches()) {
            throw Refusal.notFound("There is nothing here. Ask for /live/{cameraId}, /live/{cameraId}/sub or"
                    + " /archive/{cameraId}?from=2026-11-26T21:00:00Z.");
        }
        boolean recorded = path.group(1).equals("archive");
        StreamId stream = StreamId.of(UUID.fromString(path.group(2)), path.group(3) == null ? "main" : path.group(3));
        if (recorded && stream.rendition()) {
            throw Refusal.notFound(
                    "Footage is not encoded anew: ask for /archive/{cameraId} or /archive/{cameraId}/sub.");
        }
        int number = path.group(4) == null ? -1 : Integer.parseInt(path.group(4));
        if (number >= StreamFormat.TRACKS_MAX) {
            throw Refusal.notFound("No stream has a track " + number + ".");
        }
        if (!recorded && STREAM_ASKED.matcher(query).find()) {
            // What else players add is passed over. Who asks for another stream so would get the large one and not
            // notice.
            throw Refusal.malformed("The stream stands in the path: /live/{cameraId}/sub, not ?stream=sub.");
        }
        return new Target(
                recorded,
                stream,
                number < 0 ? OptionalInt.empty() : OptionalInt.of(number),
                recorded ? range(query) : ClockRange.OPEN);
    }

    private static ClockRange range(String query) throws Refusal {
        OptionalLong from = OptionalLong.empty();
        OptionalLong to = OptionalLong.empty();
        for (String part : query.split("&")) {
            if (part.startsWith("from=")) {
                from = time("from", part);
            } else if (part.startsWith("to=")) {
                to = time("to", part);
            } else if (!part.isEmpty()) {
                throw Refusal.malformed("Of footage \"from\" and \"to\" can be told, nothing else.");
            }
        }
        if (from.isPresent() && to.isPresent() && to.getAsLong() <= from.getAsLong()) {
            throw Refusal.badRange("\"to\" must be later than \"from\".");
        }
        return new ClockRange(from, to);
    }

    private static OptionalLong time(String name, String part) throws Refusal {
        try {
            String text = URLDecoder.decode(part.substring(name.length() + 1), StandardCharsets.UTF_8);
            return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(ClockRange.us(text));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw Refusal.malformed("\"" + name + "\" must be a time in UTC such as 2026-11-26T21:00:00Z.");
        }
    }

    /** {@return the same stream, as a whole} */
    Target whole() {
        return new Target(recorded, stream, OptionalInt.empty(), range);
    }

    Permission permission() {
        return recorded ? Permission.VIEW_ARCHIVE : Permission.VIEW_LIVE;
    }

    /** {@return path and query of an address, which may also be a path alone} */
    static String path(String uri) throws Refusal {
        if (uri.startsWith("/")) {
            return uri;
        }
        try {
            return RtspUri.parse(uri).uri().path();
        } catch (IllegalArgumentException e) {
            throw Refusal.malformed("The address of the request cannot be read: " + e.getMessage() + ".");
        }
    }
}

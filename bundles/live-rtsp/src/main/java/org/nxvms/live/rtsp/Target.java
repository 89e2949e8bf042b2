// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.media.kit.rtsp.RtspUri;

/**
 * What an address names: {@code /live/{cameraId}[/main|/sub][/track{n}]}.
 *
 * @param stream of a camera
 * @param track of the stream, empty for all of them
 */
record Target(StreamId stream, OptionalInt track) {
    private static final Pattern PATH = Pattern.compile(
            "/live/([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(?:/(main|sub))?(?:/track(\\d))?/?");

    /** Parses the address of a request. */
    static Target parse(String uri) throws Refusal {
        Matcher path = PATH.matcher(path(uri));
        if (!path.matches()) {
            throw Refusal.notFound("There is nothing here. Ask for /live/{cameraId} or /live/{cameraId}/sub.");
        }
        StreamRole role = path.group(2) == null ? StreamRole.MAIN : StreamRole.of(path.group(2));
        int track = path.group(3) == null ? -1 : Integer.parseInt(path.group(3));
        if (track >= StreamFormat.TRACKS_MAX) {
            throw Refusal.notFound("No stream has a track " + track + ".");
        }
        return new Target(
                new StreamId(UUID.fromString(path.group(1)), role),
                track < 0 ? OptionalInt.empty() : OptionalInt.of(track));
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

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the answer to PLAY says of one track (RFC 2326 12.33).
 *
 * @param url of the track as the camera writes it, whole or relative
 * @param timestamp RTP time at the beginning of the range that is played, 32 bits: one moment for all tracks of the answer
 */
public record RtpInfo(String url, int timestamp) {
    private static final int TRACKS_MAX = 16;
    private static final int PARAMETERS_MAX = 8;

    /** Reads an RTP-Info header; a track that tells no time stamp, or none that is a number, is left out. */
    public static List<RtpInfo> parse(String header) {
        List<RtpInfo> tracks = new ArrayList<>();
        for (String track : header.split(",", TRACKS_MAX)) {
            String url = "";
            String timestamp = "";
            for (String part : track.split(";", PARAMETERS_MAX)) {
                String parameter = part.trim();
                int equals = parameter.indexOf('=');
                String name = parameter.substring(0, Math.max(0, equals)).trim().toLowerCase(Locale.ROOT);
                String value = parameter.substring(equals + 1).trim();
                if (name.equals("url")) {
                    url = value.replace("\"", "");
                } else if (name.equals("rtptime")) {
                    timestamp = value;
                }
            }
            if (!url.isEmpty() && isNumber(timestamp)) {
                tracks.add(new RtpInfo(url, (int) Long.parseLong(timestamp)));
            }
        }
        return List.copyOf(tracks);
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty()
                && text.length() <= 10
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && Long.parseLong(text) <= 0xFFFF_FFFFL;
    }

    /** {@return whether this is the track of that URL; the host is not compared, as cameras often know another name of theirs} */
    public boolean isOf(String trackUrl, String base) {
        return RtspUri.path(RtspUri.resolve(base, url)).equals(RtspUri.path(trackUrl));
    }
}

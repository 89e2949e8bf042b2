// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

/**
 * A stream as a client has asked for it, so that it is answered in its own words.
 *
 * @param path without the part that names a track
 * @param query as written, without the question mark; may be empty
 */
record StreamAddress(Camera.Role role, String path, String query) {
    static final String TRACK = "/trackID=";

    /** The path of a request without its track. */
    static String streamPath(String path) {
        int track = path.lastIndexOf(TRACK);
        String stream = track < 0 ? path : path.substring(0, track);
        return stream.endsWith("/") ? stream.substring(0, stream.length() - 1) : stream;
    }

    /** {@return the absolute address of a track} */
    String track(String base, int number) {
        return base + path + TRACK + number + suffix();
    }

    String suffix() {
        return query.isEmpty() ? "" : "?" + query;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker.child;

import java.net.URI;

/**
 * What FFmpeg takes for the application of an RTMP address, the part in front of the stream's name, and calls {@code tcUrl}. It
 * builds that from the host which it connects to; here it is built from the host that the camera's address has.
 */
final class RtmpApplication {
    private static final int PORT = 1935;
    private static final String ON_DEMAND = "/ondemand/";

    private RtmpApplication() {}

    static String url(URI uri) {
        return "rtmp://" + uri.getHost() + ":" + (uri.getPort() < 0 ? PORT : uri.getPort()) + "/"
                + of(uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
    }

    private static String of(String path) {
        if (path.isEmpty()) {
            return "";
        }
        int query = path.indexOf('?');
        if (query >= 0 && path.indexOf("slist=", query) >= 0) {
            return path.substring(1);
        }
        if (path.startsWith(ON_DEMAND)) {
            return "ondemand";
        }
        int first = path.indexOf('/', 1);
        if (first < 0) {
            return path.substring(1);
        }
        int second = path.indexOf('/', first + 1);
        int colon = path.indexOf(':', first + 1);
        boolean instance = second >= 0 && (colon < 0 || colon > second);
        return path.substring(1, instance ? second : first);
    }
}

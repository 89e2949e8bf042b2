// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.servlet;

import javax.servlet.http.HttpServletResponse;

/** Answers that a browser may keep, for the user who got them only. Stateless. */
public final class KeptAnswers {
    private static final String CREDENTIALS = "Cookie, Authorization";

    private KeptAnswers() {}

    /**
     * Says that the answer never changes. Who uses the same browser with other credentials is not given it from the cache (RFC 9111
     * 4.1): the browser asks, with the answer's entity tag, and the server looks at the rights.
     *
     * @param seconds how long it may be kept
     */
    public static void immutable(HttpServletResponse response, int seconds) {
        response.setHeader("Cache-Control", "private, max-age=" + seconds + ", immutable");
        response.addHeader("Vary", CREDENTIALS);
    }
}

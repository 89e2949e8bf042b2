// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console;

import javax.servlet.http.HttpServletResponse;

/** What the browser may do with the console's pages: nothing but talk to this server. */
final class SecurityHeaders {
    /**
     * Styles need {@code unsafe-inline}: the component library writes its theme as a style element. {@code 'self'} in
     * {@code connect-src} covers WebSockets of the same host (Content Security Policy Level 3, 6.7.2.8).
     */
    static final String CONTENT_SECURITY_POLICY =
            "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline';"
                    + " img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; worker-src 'self' blob:;"
                    + " connect-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    /** The microphone is for talking through a camera; the browser asks the user all the same. */
    private static final String PERMISSIONS_POLICY =
            "camera=(), geolocation=(), microphone=(self), payment=(), usb=(), fullscreen=(self), screen-wake-lock=(self)";

    private SecurityHeaders() {}

    static void set(HttpServletResponse response) {
        response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Permissions-Policy", PERMISSIONS_POLICY);
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    }
}

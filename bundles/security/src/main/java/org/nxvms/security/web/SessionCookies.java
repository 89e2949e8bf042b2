// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import java.time.Duration;
import java.util.List;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.security.account.Sessions;

/** The console's cookies (RFC 6265bis). Built as text because JAX-RS 2.1 has no SameSite. */
final class SessionCookies {
    static final String REFRESH_COOKIE = "nxvms_refresh";

    /** Stays when a user signs out: it opens nothing. */
    static final String DEVICE_COOKIE = "nxvms_device";

    /** Between a sign-in elsewhere and the session here. */
    static final String TICKET_COOKIE = "nxvms_ticket";

    /** Long enough to type a one-time code. */
    static final Duration TICKET_LIFE = Duration.ofMinutes(5);

    private static final String TICKET_PATH = AuthResource.BASE + "/outside";

    /** Wherever a password is asked for. */
    private static final String DEVICE_PATH = "/api/v1";

    private static final Duration DEVICE_LIFE = Duration.ofDays(365);

    private SessionCookies() {}

    static String device(String device, boolean secure) {
        return cookie(DEVICE_COOKIE, device, DEVICE_PATH, DEVICE_LIFE, true, secure);
    }

    static String ticket(String ticket, boolean secure) {
        return cookie(TICKET_COOKIE, ticket, TICKET_PATH, TICKET_LIFE, true, secure);
    }

    static String ticketCleared(boolean secure) {
        return cookie(TICKET_COOKIE, "", TICKET_PATH, Duration.ZERO, true, secure);
    }

    static List<String> of(Sessions.Grant grant, boolean secure) {
        return List.of(
                cookie(AccessGuard.SESSION_COOKIE, grant.accessToken(), "/", grant.accessLife(), true, secure),
                cookie(REFRESH_COOKIE, grant.refreshToken(), AuthResource.BASE, grant.refreshLife(), true, secure),
                // Readable by the console's script, which repeats it in a header.
                cookie(AccessGuard.CSRF_COOKIE, grant.csrfToken(), "/", grant.refreshLife(), false, secure));
    }

    static List<String> cleared(boolean secure) {
        return List.of(
                cookie(AccessGuard.SESSION_COOKIE, "", "/", Duration.ZERO, true, secure),
                cookie(REFRESH_COOKIE, "", AuthResource.BASE, Duration.ZERO, true, secure),
                cookie(AccessGuard.CSRF_COOKIE, "", "/", Duration.ZERO, false, secure));
    }

    private static String cookie(
            String name, String value, String path, Duration life, boolean httpOnly, boolean secure) {
        return name + "=" + value + "; Path=" + path + "; Max-Age=" + life.toSeconds() + "; SameSite=Strict"
                + (httpOnly ? "; HttpOnly" : "") + (secure ? "; Secure" : "");
    }
}

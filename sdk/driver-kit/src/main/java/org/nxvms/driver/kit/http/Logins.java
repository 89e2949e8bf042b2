// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.http;

import java.net.http.HttpHeaders;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.media.kit.rtsp.RtspAuthenticator;
import org.nxvms.media.kit.rtsp.RtspHeaders;

/**
 * The logins of one session, one for each port: each has challenges of its own, and at one that a device tells and nobody typed
 * a stranger may be, who does not learn the password by asking for Basic. Within a lock, for an exchange that was broken off may
 * still be read from by a worker.
 */
final class Logins {
    private static final Pattern OTHER_PORT = Pattern.compile("(:\\d{1,5})/");

    private final Optional<Credentials> credentials;
    /** By the port of a target. */
    private final Map<String, RtspAuthenticator> byPort = new HashMap<>();

    Logins(Optional<Credentials> credentials) {
        this.credentials = credentials;
    }

    boolean areThere() {
        return credentials.isPresent();
    }

    /** {@return a target without the port before it} */
    static String path(String target) {
        Matcher other = OTHER_PORT.matcher(target);
        return other.lookingAt() ? target.substring(other.end(1)) : target;
    }

    /** {@return the port before a target, with its colon; empty where it has none} */
    static String port(String target) {
        return target.substring(0, target.length() - path(target).length());
    }

    /** {@return what a request says of itself}; nothing as long as nobody at its port has asked for it. */
    synchronized Optional<String> authorization(String method, String target) {
        return at(target).flatMap(known -> known.authorization(method, path(target)));
    }

    synchronized void accepted(String target, HttpHeaders answer) {
        at(target).ifPresent(known -> known.accepted(headers(answer)));
    }

    /** {@return whether another try makes sense after this refusal} */
    synchronized boolean mayTryAgain(String target, HttpHeaders refusal) {
        return at(target).filter(known -> known.challenged(headers(refusal))).isPresent();
    }

    private Optional<RtspAuthenticator> at(String target) {
        String port = port(target);
        return credentials.map(given -> byPort.computeIfAbsent(
                port,
                first -> new RtspAuthenticator(
                        given.username(), given.password(), given.digestOnly() || !port.isEmpty())));
    }

    private static RtspHeaders headers(HttpHeaders from) {
        RtspHeaders headers = RtspHeaders.EMPTY;
        for (String name : new String[] {"WWW-Authenticate", "Authentication-Info"}) {
            for (String value :
                    from.allValues(name).stream().limit(RtspHeaders.LINES_MAX).toList()) {
                headers = headers.with(name, value);
            }
        }
        return headers;
    }
}

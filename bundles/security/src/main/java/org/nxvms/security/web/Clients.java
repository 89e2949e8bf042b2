// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import java.util.Objects;
import java.util.Optional;
import javax.servlet.http.HttpServletRequest;
import org.nxvms.rest.kit.servlet.RequestCredentialsFactory;
import org.nxvms.security.account.Client;

/** Who is at the other end of a request. */
final class Clients {
    private Clients() {}

    static Client of(HttpServletRequest request) {
        return new Client(
                request.getRemoteAddr(),
                Objects.requireNonNullElse(request.getHeader("User-Agent"), ""),
                Optional.ofNullable(
                        RequestCredentialsFactory.from(request).cookies().get(SessionCookies.DEVICE_COOKIE)));
    }
}

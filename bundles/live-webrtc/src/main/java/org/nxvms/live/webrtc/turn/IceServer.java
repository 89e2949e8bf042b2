// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.turn;

import java.util.Optional;

/**
 * A server that helps a player to be reached.
 *
 * @param uri of a STUN (RFC 7064) or TURN server (RFC 7065)
 * @param pass what a TURN server asks for
 */
public record IceServer(String uri, Optional<Pass> pass) {
    /** Name and password, good for some time. Written by us: neither holds a quotation mark or a backslash. */
    public record Pass(String username, String credential) {}

    /** {@return it as a {@code Link} header (RFC 9725 4.6, which WHEP shares with WHIP)} */
    public String link() {
        return "<" + uri + ">; rel=\"ice-server\""
                + pass.map(one -> "; username=\"" + one.username() + "\"; credential=\"" + one.credential()
                                + "\"; credential-type=\"password\"")
                        .orElse("");
    }
}

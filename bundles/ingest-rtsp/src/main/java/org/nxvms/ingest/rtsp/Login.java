// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import org.nxvms.media.kit.rtsp.RtspAuthenticator;

/** What to log in with; each connection answers challenges of its own. */
record Login(String user, String password, boolean digestOnly) {
    RtspAuthenticator authenticator() {
        return new RtspAuthenticator(user, password, digestOnly);
    }

    /** No secrets. */
    @Override
    public String toString() {
        return "Login";
    }
}

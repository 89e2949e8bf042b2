// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.nxvms.media.kit.rtsp.RtspAuthenticator;
import org.nxvms.media.kit.rtsp.RtspUri;

/**
 * What one session fetches.
 *
 * @param uri where
 * @param address its resolved address
 * @param credentials for this session, if any
 * @param optionsKeepAlive whether the device is known to need OPTIONS as keep-alive
 */
record Target(
        RtspUri uri, InetSocketAddress address, Optional<RtspAuthenticator> credentials, boolean optionsKeepAlive) {
    String peer() {
        return uri.host() + ":" + uri.port();
    }
}

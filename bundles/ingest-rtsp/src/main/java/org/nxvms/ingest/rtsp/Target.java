// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.nxvms.media.kit.rtsp.RtspUri;

/**
 * What one session fetches.
 *
 * @param uri where
 * @param address its resolved address
 * @param login for this session, if any
 * @param options what else is known of the device
 */
record Target(RtspUri uri, InetSocketAddress address, Optional<Login> login, Options options) {
    String peer() {
        return uri.host() + ":" + uri.port();
    }
}

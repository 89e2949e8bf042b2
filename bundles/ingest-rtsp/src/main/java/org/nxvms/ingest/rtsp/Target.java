// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.kit.rtsp.RtspUri;

/**
 * What one session fetches.
 *
 * @param uri where
 * @param addresses all that its host has; the first is called
 * @param login for this session, if any
 * @param options what else is known of the device
 */
record Target(RtspUri uri, List<InetAddress> addresses, Optional<Login> login, Options options) {
    InetSocketAddress address() {
        return new InetSocketAddress(addresses.get(0), uri.port());
    }

    /** {@return the camera in sentences: who may watch it need not learn where it is} */
    String peer() {
        return "the camera";
    }
}

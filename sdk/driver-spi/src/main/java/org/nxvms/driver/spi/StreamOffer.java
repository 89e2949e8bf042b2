// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.Objects;
import org.nxvms.media.StreamRole;

/**
 * One stream of a device.
 *
 * @param role what the platform uses it for
 * @param name the device's own name of it (an ONVIF profile, an RTSP path), shown to people
 * @param endpoint where the platform fetches it
 */
public record StreamOffer(StreamRole role, String name, StreamEndpoint endpoint) {
    public StreamOffer {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(endpoint, "endpoint");
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import org.nxvms.media.StreamRole;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A picture that the device takes itself (ONVIF Media, GetSnapshotUri). The platform makes one of the newest key frame
 * otherwise.
 *
 * @since 1.2
 */
@ConsumerType
public interface DeviceSnapshot extends Capability {
    /** A driver stops reading there with kind PROTOCOL: no camera's picture is that large. */
    int BYTES_MAX = 8 << 20;

    /** {@return a JPEG of now, at most {@link #BYTES_MAX}} */
    byte[] jpeg(StreamRole role) throws DriverException;
}

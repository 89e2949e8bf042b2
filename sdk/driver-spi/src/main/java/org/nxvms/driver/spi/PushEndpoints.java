// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Places of the server at which devices deliver by themselves: for protocols in which the device calls the server, to tell
 * an event or to be controlled. A service of the platform, which owns the port, bounds what arrives (size, rate, time) and
 * tells strangers from devices; a driver refers to it dynamically and does without while it is away.
 *
 * <p>An endpoint is asked for with the session of the device it is for, and closed with it. Whatever is still open when the
 * driver's bundle goes is closed by the platform. Asked for again, for the same device and purpose, it is at the same
 * address, also after a restart: the newer one takes the place of the older, which then says CLOSED. So what a device was
 * told once stays true. Any thread.
 *
 * @since 1.3
 */
@ProviderType
public interface PushEndpoints {
    /** A word of so many characters at most, letters, digits and hyphens. */
    int PURPOSE_CHARS_MAX = 40;

    /**
     * Opens a path for HTTP requests. It holds a secret of its own for this device, which is all that lets a request in: the
     * driver tells it to the device, and nobody else.
     *
     * @param device for which device; its address is what the secret belongs to
     * @param purpose tells several endpoints for one device apart: {@code events}
     * @throws DriverException kind CONFIG when the server has no address that the device could reach, BUSY when there are too
     *     many endpoints
     */
    PushInbox http(DeviceTarget device, String purpose, PushLimits limits) throws DriverException;

    /**
     * Opens a TCP port. There is no secret in it: only connections from the device's own addresses are let in, and the
     * protocol should have a login.
     *
     * @throws DriverException kind CONFIG when no port is free, or the device's host has no address; BUSY as above
     */
    PushPort tcp(DeviceTarget device, String purpose, PushLimits limits) throws DriverException;
}

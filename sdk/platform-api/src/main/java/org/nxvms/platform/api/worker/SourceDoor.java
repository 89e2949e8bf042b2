// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.worker;

import java.net.InetAddress;
import java.util.List;
import org.nxvms.driver.spi.DriverException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Judges where a source may be connected to; whoever opens a source brings it. Each connection goes through it, whatever led
 * there: the source's own address, a redirect, a playlist with its segments and keys.
 */
@ConsumerType
@FunctionalInterface
public interface SourceDoor {
    /**
     * Asked before each connection, on a thread of that source; blocks as long as a look-up of the name may take.
     *
     * @param host name or address as the source has it, an IPv6 address without brackets
     * @return at least one; exactly these are connected to, in this order, and the host is not looked up again
     * @throws DriverException of kind CONFIG when the host must not be connected to, which ends the source with this
     *     sentence; of another kind when nobody knows its addresses at the moment
     */
    List<InetAddress> addresses(String host) throws DriverException;
}

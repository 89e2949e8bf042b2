// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.Optional;
import java.util.function.Supplier;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.PushEndpoints;
import org.nxvms.driver.spi.PushInbox;

/**
 * What a session is opened with.
 *
 * @param push where devices deliver by themselves; gives nothing while the server takes no deliveries
 * @param way how recordings of the device are played
 * @param unkept what devices did not keep, of all sessions
 */
record Surroundings(
        DeviceTarget target,
        OnvifSettings settings,
        QuirkBook quirks,
        Supplier<Optional<PushEndpoints>> push,
        ReplayWay way,
        UnkeptChanges unkept) {
    /** {@return where the device shall tell what happens} */
    PushInbox inbox() throws DriverException {
        return push.get()
                .orElseThrow(() -> new DriverException(
                        Kind.BUSY, "The server takes no deliveries of cameras just now; it is tried again."))
                .http(target, "events", PushedNotifications.LIMITS);
    }
}

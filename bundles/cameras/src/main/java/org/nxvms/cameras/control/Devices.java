// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.nxvms.cameras.book.Secrets;
import org.nxvms.cameras.device.Listening;
import org.nxvms.cameras.drivers.DriverShelf;
import org.nxvms.cameras.moved.KnownDevices;
import org.nxvms.platform.api.event.EventPublisher;
import org.osgi.framework.Version;

/**
 * Who speaks to devices, with which passwords, and who listens to them.
 *
 * @param publisher of events; answers null while it is away
 * @param chosenVersions keeps over restarts which version of a driver serves; does not block
 * @param known remembers which devices answered
 */
public record Devices(
        DriverShelf shelf,
        Secrets secrets,
        Listening listening,
        Supplier<EventPublisher> publisher,
        Consumer<Map<String, Version>> chosenVersions,
        KnownDevices known) {}

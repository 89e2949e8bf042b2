// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

import java.util.function.Supplier;
import org.nxvms.platform.api.network.AddressRule;
import org.nxvms.platform.api.network.DeviceNetwork;

/** Where devices may be; while nobody says, as it was said last. Any thread. */
public final class DeviceAddresses implements Supplier<AddressRule> {
    private final Supplier<DeviceNetwork> network;
    private volatile AddressRule last = AddressRule.DEVICES;

    /** @param network gives null while it is away */
    public DeviceAddresses(Supplier<DeviceNetwork> network) {
        this.network = network;
    }

    @Override
    public AddressRule get() {
        DeviceNetwork now = network.get();
        if (now != null) {
            last = now.addresses();
        }
        return last;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.fake;

import java.net.UnknownHostException;
import org.nxvms.cameras.drivers.DeviceDoor;
import org.nxvms.platform.api.network.AddressRule;

/** Tests ask no name server. */
public final class NoNames {
    private NoNames() {}

    /** {@return the way to devices by the default rule, where nobody knows a name} */
    public static DeviceDoor door() {
        return new DeviceDoor(() -> AddressRule.DEVICES, name -> {
            throw new UnknownHostException(name);
        });
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.network;

import org.osgi.annotation.versioning.ProviderType;

/** Where devices may be, as administrators decided; for whoever connects to them. */
@ProviderType
public interface DeviceNetwork {
    /** {@return the rule that counts now} Never blocks; any thread. */
    AddressRule addresses();
}

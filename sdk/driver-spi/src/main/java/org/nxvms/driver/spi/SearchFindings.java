// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Is told what a search finds, while it finds it. Called by the searching thread only; never blocks.
 *
 * @since 1.4
 */
@ProviderType
public interface SearchFindings {
    /**
     * A device is there. One that is told of again under the same endpoint is the same device, with another address.
     *
     * @param endpoint what the device is called for good, whatever its addresses are, e.g. the endpoint reference of
     *     WS-Discovery; at most {@value #ENDPOINT_LENGTH_MAX} characters, empty when it does not say
     */
    void found(FoundDevice device, String endpoint);

    /**
     * A device has said that it goes. Without effect for one that was not found.
     *
     * @param endpoint as in {@link #found}
     */
    void gone(String endpoint);

    int ENDPOINT_LENGTH_MAX = 256;

    /** {@return what tells a consumer of devices only}, for {@link DeviceSearch#search(int, Consumer)} */
    static SearchFindings of(Consumer<FoundDevice> found) {
        return new SearchFindings() {
            @Override
            public void found(FoundDevice device, String endpoint) {
                found.accept(device);
            }

            @Override
            public void gone(String endpoint) {
                // A search without a scope has no word for it.
            }
        };
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.key;

import org.nxvms.platform.api.security.ApiKeyStore;

/** What tests of other packages need of this one. */
public final class TestKeys {
    private TestKeys() {}

    /** Binds a store as DS does it, and waits until it has been read. */
    public static void attach(ApiKeys keys, ApiKeyStore store) {
        keys.setStore(store);
        keys.awaitStoreThread();
    }

    public static void stop(ApiKeys keys) {
        keys.stop();
    }
}

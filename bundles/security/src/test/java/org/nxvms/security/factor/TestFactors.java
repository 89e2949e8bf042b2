// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.factor;

import org.nxvms.platform.api.security.SecondFactorStore;

/** What tests of other packages need of this one. */
public final class TestFactors {
    private TestFactors() {}

    /** Binds a store as DS does it, or takes it away. */
    public static void attach(SecondFactors factors, SecondFactorStore store) {
        factors.store = store;
    }
}

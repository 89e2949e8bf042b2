// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.rights;

import java.time.Clock;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.security.AccessStore;
import org.nxvms.security.factor.SecondFactors;
import org.nxvms.security.vault.AesVault;

/** What tests of other packages need of this one. */
public final class TestRights {
    private TestRights() {}

    /** A book without store. */
    public static AccessBook book(ServerIdentity identity) throws Exception {
        return new AccessBook(identity, new SecondFactors(new AesVault(identity), identity, Clock.systemUTC()));
    }

    /** Binds a store as DS does it, and waits until it has been read. */
    public static void attach(AccessBook book, AccessStore store) {
        book.setStore(store);
        book.refresh();
    }

    /** Binds a registry as DS does it, or takes it away. */
    public static void attach(Decisions decisions, CameraRegistry cameras) {
        decisions.cameras = cameras;
    }

    public static void stop(AccessBook book) {
        book.stop();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.audit;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditStore;
import org.nxvms.platform.api.audit.AuditTrail;

/** What tests of other packages need of this one. */
public final class TestTrail {
    private TestTrail() {}

    public static ChainedTrail make(ServerIdentity identity, Clock clock, AuditStore store) throws IOException {
        ChainedTrail trail = new ChainedTrail(identity, clock);
        trail.setStore(store);
        return trail;
    }

    public static void stop(ChainedTrail trail) {
        trail.stop();
    }

    /** {@return a trail for stories that are about something else} */
    public static AuditTrail none() {
        return new AuditTrail() {
            @Override
            public void note(AuditNote note) {}

            @Override
            public boolean flush() {
                return true;
            }

            @Override
            public Verdict verify() {
                return new Verdict(0, List.of(), Optional.empty());
            }

            @Override
            public List<String> acknowledge(AuditNote.Actor who, String why) {
                return List.of();
            }
        };
    }
}

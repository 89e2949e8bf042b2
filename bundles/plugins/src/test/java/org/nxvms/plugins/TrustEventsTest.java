// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.plugin.TrustedCertificate;

/** Whose plugins are taken is the most delicate of all settings: who changed it stands in the events. */
class TrustEventsTest {
    private final List<EventFact> said = new ArrayList<>();
    private final EventPublisher publisher = new EventPublisher() {
        @Override
        public boolean pulse(EventFact fact, long atUs) {
            return said.add(fact);
        }

        @Override
        public boolean hold(EventFact fact, long sinceUs, int holdSeconds) {
            throw new AssertionError("no state");
        }

        @Override
        public boolean past(EventFact fact, long startUs, long endUs) {
            throw new AssertionError("no state");
        }

        @Override
        public boolean end(EventSource source, String kind, long endUs) {
            throw new AssertionError("no state");
        }
    };

    @Test
    void trustAndItsEndAreEvents(@TempDir Path folder) throws Exception {
        Vendor vendor = Vendor.named("vendor", folder);
        try (TestFramework framework = TestFramework.reconciled(folder)) {
            framework.installer.publisher = publisher;
            TrustedCertificate trusted = framework.installer.trust(vendor.pem(), "admin");
            assertThat(framework.installer.distrust(trusted.sha256(), "root")).isTrue();
            assertThat(framework.installer.distrust(trusted.sha256(), "root")).isFalse();
            assertThat(said)
                    .extracting(EventFact::kind)
                    .containsExactly(EventKinds.PLUGIN_TRUSTED, EventKinds.PLUGIN_DISTRUSTED);
            assertThat(said.get(0).detail()).contains("admin", "CN=vendor", trusted.sha256());
            assertThat(said.get(1).detail()).contains("root", trusted.sha256());
        }
    }
}

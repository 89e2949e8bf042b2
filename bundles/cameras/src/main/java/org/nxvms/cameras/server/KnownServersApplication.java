// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.server;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.network.AddressRule;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.server.KnownServerStore;
import org.nxvms.rest.kit.jaxrs.ApplicationSet;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Publishes {@code /api/v1/known-servers}. */
@Component(
        service = {},
        immediate = true)
public final class KnownServersApplication {
    /** Whoever signs in may name an address here: what listens for this machine alone is not asked for them. */
    private static final AddressRule ASKED = new AddressRule(false, false);

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AuditTrail audit;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile KnownServerStore store;

    private ApplicationSet applications;
    private ServerLook look;

    @Activate
    void publish(BundleContext bundle) {
        look = new ServerLook(ASKED, ServerLook.USUAL);
        applications = new ApplicationSet(bundle, () -> guard, () -> audit)
                .publish(KnownServersResource.BASE, "nxvms-known-servers", new KnownServersResource(() -> store, look));
    }

    @Deactivate
    void withdraw() {
        applications.close();
        look.close();
    }
}

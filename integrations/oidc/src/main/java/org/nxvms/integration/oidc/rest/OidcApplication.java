// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc.rest;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.List;
import javax.ws.rs.core.Application;
import org.nxvms.integration.oidc.Provider;
import org.nxvms.integration.oidc.Providers;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.OutsideSignIn;
import org.nxvms.platform.api.security.SecretVault;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** Publishes {@code /api/v1/oidc}. */
@Component(service = Application.class)
@JaxrsApplicationBase(Provider.BASE)
@JaxrsName("nxvms-oidc")
public final class OidcApplication extends RestApplication {
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile Providers providers;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile OutsideSignIn signIn;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile SecretVault vault;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AuditTrail audit;

    @Override
    protected AccessGuard guard() {
        return guard;
    }

    @Override
    protected AuditTrail audit() {
        return audit;
    }

    @Override
    protected List<Object> resources() {
        return List.of(new OidcResource(() -> providers, () -> signIn, () -> vault, () -> audit));
    }

    /** In the place of the component runtime. */
    public void services(Providers providersNow, OutsideSignIn signInNow, SecretVault vaultNow, AuditTrail auditNow) {
        providers = providersNow;
        signIn = signInNow;
        vault = vaultNow;
        audit = auditNow;
    }
}

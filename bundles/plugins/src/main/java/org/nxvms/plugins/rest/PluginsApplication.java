// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.rest;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.List;
import javax.ws.rs.core.Application;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.plugin.PluginAdmin;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** Publishes {@code /api/v1/plugins}. */
@Component(service = Application.class)
@JaxrsApplicationBase(PluginsResource.BASE)
@JaxrsName("nxvms-plugins")
public final class PluginsApplication extends RestApplication {
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile PluginAdmin plugins;

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
        return List.of(
                new PluginsResource(() -> plugins),
                new ReceiptsResource(() -> plugins),
                new TrustedResource(() -> plugins));
    }

    @Override
    protected List<Object> providers() {
        return List.of(new RefusalMapper());
    }
}

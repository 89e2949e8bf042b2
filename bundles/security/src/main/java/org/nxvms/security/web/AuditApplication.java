// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.List;
import javax.ws.rs.core.Application;
import org.nxvms.platform.api.audit.AuditStore;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.nxvms.security.access.TokenGuard;
import org.nxvms.security.audit.ChainedTrail;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** The audit. */
@Component(service = Application.class)
@JaxrsApplicationBase(AuditResource.BASE)
@JaxrsName("nxvms-audit")
public final class AuditApplication extends RestApplication {
    private final TokenGuard guard;
    private final ChainedTrail trail;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile AuditStore store;

    @Activate
    public AuditApplication(@Reference TokenGuard guard, @Reference ChainedTrail trail) {
        this.guard = guard;
        this.trail = trail;
    }

    @Override
    protected AccessGuard guard() {
        return guard;
    }

    @Override
    protected AuditTrail audit() {
        return trail;
    }

    @Override
    protected List<Object> resources() {
        return List.of(new AuditResource(() -> store, trail));
    }
}

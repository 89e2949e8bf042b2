// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.rest;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.List;
import javax.ws.rs.core.Application;
import org.nxvms.gapfill.job.FillService;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** Filling by REST. */
@Component(service = Application.class)
@JaxrsApplicationBase(GapFillsResource.BASE)
@JaxrsName("nxvms-gap-fills")
public final class GapFillsApplication extends RestApplication {
    private final GapFillsResource resource;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AuditTrail trail;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile CameraRegistry cameras;

    @Activate
    public GapFillsApplication(@Reference FillService service) {
        resource = new GapFillsResource(service::jobs, () -> cameras, System::currentTimeMillis);
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
        return List.of(resource);
    }
}

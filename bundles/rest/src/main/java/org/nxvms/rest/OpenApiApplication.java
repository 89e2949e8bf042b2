// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.List;
import javax.ws.rs.core.Application;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** The REST application of the OpenAPI document. */
@Component(service = Application.class)
@JaxrsApplicationBase(OpenApiResource.BASE)
@JaxrsName("nxvms-openapi")
public final class OpenApiApplication extends RestApplication {
    private final OpenApiResource resource;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Activate
    public OpenApiApplication(BundleContext context) {
        resource = new OpenApiResource(
                new OpenApiParts(context)::read,
                context.getBundle().getVersion().toString());
    }

    @Override
    protected AccessGuard guard() {
        return guard;
    }

    @Override
    protected List<Object> resources() {
        return List.of(resource);
    }
}

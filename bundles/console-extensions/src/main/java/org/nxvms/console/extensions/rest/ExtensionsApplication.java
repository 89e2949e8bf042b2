// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console.extensions.rest;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.List;
import javax.ws.rs.core.Application;
import org.nxvms.console.extensions.Extensions;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** Publishes {@code /api/v1/console/extensions}. */
@Component(service = Application.class)
@JaxrsApplicationBase(ExtensionsResource.BASE)
@JaxrsName("nxvms-console-extensions")
public final class ExtensionsApplication extends RestApplication {
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile Extensions extensions;

    @Override
    protected AccessGuard guard() {
        return guard;
    }

    @Override
    protected List<Object> resources() {
        return List.of(new ExtensionsResource(() -> extensions));
    }

    /** In the place of the component runtime. */
    public void services(AccessGuard guardNow, Extensions extensionsNow) {
        guard = guardNow;
        extensions = extensionsNow;
    }
}

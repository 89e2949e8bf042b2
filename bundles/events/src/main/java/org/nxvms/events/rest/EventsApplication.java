// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.List;
import javax.ws.rs.core.Application;
import org.nxvms.events.EventBus;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** Publishes {@code /api/v1/events}. */
@Component(service = Application.class)
@JaxrsApplicationBase(EventsResource.BASE)
@JaxrsName("nxvms-events")
public final class EventsApplication extends RestApplication {
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile EventBus bus;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile CameraRegistry cameras;

    @Override
    protected AccessGuard guard() {
        return guard;
    }

    @Override
    protected List<Object> resources() {
        return List.of(new EventsResource(() -> bus, () -> cameras));
    }

    /** In the place of the component runtime. */
    void services(AccessGuard guardNow, EventBus busNow, CameraRegistry camerasNow) {
        guard = guardNow;
        bus = busNow;
        cameras = camerasNow;
    }
}

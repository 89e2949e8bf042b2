// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.rest;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.List;
import javax.ws.rs.core.Application;
import org.nxvms.live.webrtc.LiveWebRtc;
import org.nxvms.live.webrtc.turn.TurnServers;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** Publishes {@code /api/v1/live}. */
@Component(service = Application.class)
@JaxrsApplicationBase(WhepResource.BASE)
@JaxrsName("nxvms-live")
public final class WhepApplication extends RestApplication {
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile CameraRegistry cameras;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile LiveWebRtc live;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile TurnServers relays;

    @Override
    protected AccessGuard guard() {
        return guard;
    }

    @Override
    protected List<Object> resources() {
        return List.of(new WhepResource(() -> live, () -> cameras, () -> relays));
    }

    /** In the place of the component runtime. */
    public void services(AccessGuard guardNow, CameraRegistry camerasNow, LiveWebRtc liveNow, TurnServers relaysNow) {
        guard = guardNow;
        cameras = camerasNow;
        live = liveNow;
        relays = relaysNow;
    }
}

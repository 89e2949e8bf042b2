// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.List;
import javax.ws.rs.core.Application;
import org.nxvms.platform.api.archive.EvidenceLocks;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** {@code /api/v1/locks}: footage held against retention. */
@Component(service = Application.class)
@JaxrsApplicationBase(LocksResource.BASE)
@JaxrsName("nxvms-locks")
public final class LocksApplication extends RestApplication {
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile EvidenceLocks locks;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Override
    protected AccessGuard guard() {
        return guard;
    }

    @Override
    protected List<Object> resources() {
        return List.of(new LocksResource(() -> locks, System::currentTimeMillis));
    }
}

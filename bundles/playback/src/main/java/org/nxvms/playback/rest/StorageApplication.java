// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.List;
import javax.ws.rs.core.Application;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.VolumeAdmin;
import org.nxvms.platform.api.archive.VolumeMoves;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** {@code /api/v1/storage}: volumes and what lies on them. */
@Component(service = Application.class)
@JaxrsApplicationBase(StorageResource.BASE)
@JaxrsName("nxvms-storage")
public final class StorageApplication extends RestApplication {
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile Archive archive;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile VolumeAdmin admin;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile VolumeMoves moves;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Override
    protected AccessGuard guard() {
        return guard;
    }

    @Override
    protected List<Object> resources() {
        return List.of(new StorageResource(() -> archive, () -> admin, () -> moves));
    }
}

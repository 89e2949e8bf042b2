// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import java.util.List;
import javax.ws.rs.core.Application;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** {@code /api/v1/storage}: volumes and what lies on them. */
@Component(service = Application.class)
@JaxrsApplicationBase("/api/v1/storage")
@JaxrsName("nxvms-storage")
public final class StorageApplication extends RestApplication {
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile Archive archive;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile AccessGuard guard;

    @Override
    protected AccessGuard guard() {
        return guard;
    }

    @Override
    protected List<Object> resources() {
        return List.of(new StorageResource(() -> archive));
    }
}

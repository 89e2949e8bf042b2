// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.rest;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.List;
import javax.ws.rs.core.Application;
import org.nxvms.export.job.ExportService;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.ArchiveKeys;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.KnownCameras;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.camera.NamedCameras;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** Exports by REST. */
@Component(service = Application.class)
@JaxrsApplicationBase(ExportsResource.BASE)
@JaxrsName("nxvms-exports")
public final class ExportsApplication extends RestApplication {
    private final ExportsResource resource;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AuditTrail trail;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile Archive archive;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile ArchiveKeys keys;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile CameraRegistry cameras;

    @Activate
    public ExportsApplication(@Reference ExportService service, @Reference ServerIdentity server) {
        resource = new ExportsResource(
                service::exports,
                () -> archive,
                () -> keys,
                new NamedCameras(new KnownCameras(() -> cameras, () -> archive)),
                server.serverId(),
                System::currentTimeMillis);
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

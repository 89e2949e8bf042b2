// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.layout;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.KnownCameras;
import org.nxvms.platform.api.layout.LayoutStore;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.camera.NamedCameras;
import org.nxvms.rest.kit.jaxrs.ApplicationSet;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Publishes {@code /api/v1/layouts}. */
@Component(
        service = {},
        immediate = true)
public final class LayoutsApplication {
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AuditTrail audit;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile LayoutStore layouts;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile CameraRegistry cameras;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile Archive archive;

    private ApplicationSet applications;

    @Activate
    void publish(BundleContext bundle) {
        NamedCameras named = new NamedCameras(new KnownCameras(() -> cameras, () -> archive));
        applications = new ApplicationSet(bundle, () -> guard, () -> audit)
                .publish(
                        LayoutsResource.BASE,
                        "nxvms-layouts",
                        new LayoutsResource(() -> layouts, named, System::currentTimeMillis));
    }

    @Deactivate
    void withdraw() {
        applications.close();
    }
}

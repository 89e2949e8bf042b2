// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.ws.rs.core.Application;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.support.SupportBundles;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** Publishes {@code /api/v1/health}. */
@Component(service = Application.class)
@JaxrsApplicationBase(HealthResource.BASE)
@JaxrsName("nxvms-health")
public final class HealthApplication extends RestApplication {
    private final String version;
    private final List<StreamIngest> ingests = new CopyOnWriteArrayList<>();

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile ServerIdentity identity;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile Health health;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile SupportBundles support;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AuditTrail audit;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile CameraRegistry cameras;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile Archive archive;

    @Activate
    public HealthApplication(BundleContext context) {
        this.version = context.getBundle().getVersion().toString();
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC, policyOption = GREEDY)
    void bindIngest(StreamIngest ingest) {
        ingests.add(ingest);
    }

    void unbindIngest(StreamIngest ingest) {
        ingests.remove(ingest);
    }

    @Override
    protected AccessGuard guard() {
        return guard;
    }

    @Override
    protected AuditTrail audit() {
        return audit;
    }

    @Override
    protected List<Object> resources() {
        return List.of(
                new HealthResource(() -> health, () -> identity, version),
                new SupportBundleResource(() -> support),
                new CamerasHealthResource(() -> cameras, () -> archive, ingests));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.List;
import org.nxvms.media.StreamHub;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraSetup;
import org.nxvms.platform.api.camera.DeviceDiscovery;
import org.nxvms.platform.api.camera.DriverRollouts;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.worker.MediaWorker;
import org.nxvms.rest.kit.jaxrs.ApplicationSet;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Publishes {@code /api/v1/cameras}, {@code /drivers}, {@code /discovery}, {@code /groups} and {@code /servers}. */
@Component(
        service = {},
        immediate = true)
public final class CameraApplications {
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile CameraRegistry registry;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile CameraControl control;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile CameraSetup setup;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile EventPublisher events;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile DriverRollouts rollouts;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile DeviceDiscovery discovery;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile ServerIdentity identity;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile StreamHub hub;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile MediaWorker worker;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AuditTrail audit;

    private ApplicationSet applications;

    @Activate
    void publish(BundleContext bundle) {
        PtzTurns turns = new PtzTurns(System::nanoTime);
        applications = new ApplicationSet(bundle, () -> guard, () -> audit)
                .publish(
                        CamerasResource.BASE,
                        "nxvms-cameras",
                        List.of(
                                new CamerasResource(
                                        () -> registry, () -> control, new Snapshots(() -> hub, () -> worker)),
                                new SetupResource(() -> registry, () -> setup),
                                new SetupBatchResource(() -> setup, () -> audit),
                                new ManualRecordingResource(() -> registry),
                                new PtzResource(() -> control, turns),
                                new PresetsResource(() -> control, turns),
                                new ImagingResource(() -> control, () -> events),
                                new EncodersResource(() -> control),
                                new PrivacyMasksResource(() -> control),
                                new EdgeResource(() -> control),
                                new TalkResource(() -> control),
                                new DeviceResource(() -> control),
                                new DeviceUsersResource(() -> registry, () -> control)),
                        new CameraProblems.OfDriver(),
                        new CameraProblems.OfMissingDriver(),
                        new CameraProblems.OfConfiguration())
                .publish(DriversResource.BASE, "nxvms-drivers", new DriversResource(() -> registry, () -> rollouts))
                .publish(DiscoveryResource.BASE, "nxvms-discovery", new DiscoveryResource(() -> discovery))
                .publish(GroupsResource.BASE, "nxvms-groups", new GroupsResource(() -> registry))
                .publish(ServersResource.BASE, "nxvms-servers", new ServersResource(() -> identity));
    }

    @Deactivate
    void withdraw() {
        applications.close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.List;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.KnownCameras;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.motion.MotionMaskStore;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.worker.LumaPictures;
import org.nxvms.playback.motion.MotionDesk;
import org.nxvms.rest.kit.camera.NamedCameras;
import org.nxvms.rest.kit.jaxrs.ApplicationSet;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Publishes {@code /api/v1/motion}, and has the desk that finds out what is asked there. */
@Component(
        service = {},
        immediate = true,
        configurationPid = "org.nxvms.playback.motion")
@Designate(ocd = MotionApplication.Config.class)
public final class MotionApplication {
    /** What motion in recorded pictures may cost. */
    @ObjectClassDefinition(
            name = "NXvms motion",
            description = "What finding motion in recorded pictures may cost. Applied at once.")
    @interface Config {
        @AttributeDefinition(
                name = "Memory (MiB)",
                description = "Of the heap, for what is known of motion in footage; what nobody asked for longest goes"
                        + " first. A day of one camera takes about 1 to 10",
                min = "1",
                max = "1024")
        int cacheMebibytes() default 32;
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile Archive archive;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile LumaPictures worker;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile EventLog events;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile CameraRegistry cameras;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AuditTrail audit;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile MotionMaskStore masks;

    private MotionDesk desk;
    private ApplicationSet applications;

    @Activate
    void publish(BundleContext bundle, Config config) {
        desk = new MotionDesk(() -> archive, () -> worker, bytes(config));
        NamedCameras named = new NamedCameras(new KnownCameras(() -> cameras, () -> archive));
        applications = new ApplicationSet(bundle, () -> guard, () -> audit)
                .publish(
                        MotionResource.BASE,
                        "nxvms-motion",
                        List.of(
                                new MotionResource(() -> archive, () -> worker, () -> events, () -> masks, desk, named),
                                new MotionMaskResource(() -> masks, desk, named)));
    }

    @Modified
    void modified(Config config) {
        desk.limit(bytes(config));
    }

    @Deactivate
    void withdraw() {
        applications.close();
        desk.close();
    }

    private static long bytes(Config config) {
        return (long) Math.max(1, Math.min(1024, config.cacheMebibytes())) << 20;
    }
}

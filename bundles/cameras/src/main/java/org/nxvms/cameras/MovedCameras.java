// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.nxvms.cameras.discovery.Discovery;
import org.nxvms.cameras.moved.Following;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the registry's cameras to other addresses, on a thread of its own, and says what it did. */
@Component(
        service = {},
        immediate = true)
public final class MovedCameras implements Following.Notes {
    private static final Logger LOG = LoggerFactory.getLogger(MovedCameras.class);
    private static final long LOOK_MS = 1_000;
    private static final AuditNote.Actor SERVER =
            new AuditNote.Actor(Optional.empty(), "server", Optional.empty(), "server");
    /** One for the device, one for a driver that does not return. */
    private static final int ASKED_MAX = 2;

    private final ExecutorService asking = Pools.direct("nxvms-ctl-moved", ASKED_MAX);
    private final Following following;
    private final Thread thread = new Thread(this::run, "nxvms-ctl-following");

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile AuditTrail audit;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile EventPublisher publisher;

    @Activate
    public MovedCameras(@Reference Cameras cameras, @Reference Discovery discovery) {
        this.following = cameras.following(discovery::look, asking, this);
        thread.setDaemon(true);
        thread.start();
    }

    @Deactivate
    void close() {
        thread.interrupt();
        asking.shutdownNow();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
                try {
                    following.look();
                } catch (RuntimeException fault) {
                    LOG.error("Looking for cameras that moved failed; it is tried again", fault);
                }
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** The event says to all who see the camera that it has moved, and where only the audit does. */
    @Override
    public void moved(Camera before, Camera now) {
        note(before, true, Map.of("address", now.address().toString()));
        EventPublisher events = publisher;
        if (events != null) {
            events.pulse(
                    EventFact.of(
                            EventSource.camera(now.id(), ""),
                            EventKinds.CAMERA_MOVED,
                            EventSeverity.WARNING,
                            "The camera came back at another address and was found there. If that was not expected, see the"
                                    + " audit for where.",
                            EventAttributes.NONE.with("name", now.name())),
                    ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
        }
    }

    @Override
    public void refused(Camera camera, URI address, String why) {
        note(camera, false, Map.of("address", address.toString(), "refused", why));
    }

    private void note(Camera camera, boolean done, Map<String, String> after) {
        AuditTrail trail = audit;
        if (trail != null) {
            // One that is not what it says may say so for days.
            trail.noteOften(new AuditNote(
                    "camera.moved",
                    done,
                    SERVER,
                    "camera/" + camera.id(),
                    Map.of("address", camera.address().toString()),
                    after));
        }
    }
}

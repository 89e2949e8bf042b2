// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.observe;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.nxvms.events.EventBus;
import org.nxvms.events.EventEngine;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.GapListener;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.storage.spi.Volume;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where the server's own changes become events. It looks rather than being told: a service that was replaced,
 * or a message that was lost, changes nothing about what is true at the next look.
 */
@Component(immediate = true, service = GapListener.class)
public final class Watch implements GapListener {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final long LOOK_MS = 1_000;
    /** A mark that outlives this bundle: a bundle that is replaced is no start of the server. */
    private static final String STARTED = "org.nxvms.events.started";

    private final EventBus bus;
    private final Bundle framework;
    private final List<StreamIngest> ingests = new CopyOnWriteArrayList<>();
    private final List<Volume> volumes = new CopyOnWriteArrayList<>();
    private final StartWatch start;
    private final GapWatch gaps;
    private final StreamWatch streams;
    private final VolumeWatch volumeWatch;
    private final CameraWatch cameras;
    private final DriverWatch drivers;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "nxvms-events-watch");
        made.setDaemon(true);
        return made;
    });

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile CameraRegistry registry;

    @Activate
    public Watch(@Reference EventBus bus, @Reference ServerIdentity server, BundleContext context) {
        this.bus = bus;
        this.gaps = new GapWatch(bus, bus, EventEngine::nowUs);
        this.streams = new StreamWatch(bus, EventEngine::nowUs);
        this.volumeWatch = new VolumeWatch(bus, EventEngine::nowUs);
        this.cameras = new CameraWatch(bus, EventEngine::nowUs);
        this.drivers = new DriverWatch(bus, EventEngine::nowUs);
        this.framework = context.getBundle(Constants.SYSTEM_BUNDLE_ID);
        this.start = new StartWatch(
                bus,
                server.dataFolder(),
                server.serverId(),
                context.getBundle().getVersion().toString());
        if (System.getProperties().putIfAbsent(STARTED, "true") == null) {
            start.started(EventEngine.nowUs());
        }
        thread.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    @Deactivate
    void stop() {
        thread.shutdownNow();
        if (framework.getState() == Bundle.STOPPING) {
            start.stopped(EventEngine.nowUs());
        }
    }

    private void look() {
        CameraRegistry now = registry;
        attempt("gaps", () -> gaps.look(camera -> isKnown(now, camera)));
        attempt("volumes", () -> volumeWatch.look(volumes));
        Set<UUID> arriving = new HashSet<>();
        attempt("streams", () -> arriving.addAll(streams.look(ingests)));
        if (now != null) {
            attempt("cameras", () -> cameras.look(now, arriving, drivers.look(now)));
        }
    }

    /** {@return false only when it is certain that there is no such camera} */
    private static boolean isKnown(CameraRegistry registry, UUID camera) {
        try {
            return registry == null || registry.find(camera).isPresent();
        } catch (StoreException notYet) {
            return true;
        }
    }

    /** One service that fails hides none of the others. */
    private static void attempt(String what, Runnable look) {
        try {
            look.run();
        } catch (RuntimeException e) {
            LOG.debug("The {} cannot be looked at now", what, e);
        }
    }

    @Override
    public void changed(Gap gap) {
        gaps.changed(gap);
    }

    @Override
    public void dropped(Gap gap) {
        gaps.dropped(gap);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void bindIngest(StreamIngest ingest) {
        ingests.add(ingest);
    }

    void unbindIngest(StreamIngest ingest) {
        ingests.remove(ingest);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC)
    void bindVolume(Volume volume) {
        volumes.add(volume);
    }

    void unbindVolume(Volume volume) {
        volumes.remove(volume);
    }
}

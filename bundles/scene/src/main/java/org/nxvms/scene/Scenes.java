// SPDX-License-Identifier: Apache-2.0
package org.nxvms.scene;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.media.StreamStatistics;
import org.nxvms.platform.api.event.EventPublisher;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads along with every camera that sends metadata, on one thread: of its streams the one with metadata that is fetched, the
 * main one before the sub one. Cameras without metadata cost nothing but being looked at every few seconds.
 */
@Component(service = Scenes.class, immediate = true)
public final class Scenes {
    private static final Logger LOG = LoggerFactory.getLogger(Scenes.class);
    private static final int READ_MS = 250;
    /** A camera that begins to send metadata is noticed within this time; without one nothing else happens. */
    private static final int SEARCH_MS = 3_000;

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "nxvms-scene");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<StreamId, SceneReader> readers = new HashMap<>();
    private StreamHub of;
    private boolean searched;
    private long searchedMs;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile StreamHub hub;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile EventPublisher publisher;

    @Activate
    void start() {
        clock.schedule(this::tick, READ_MS, TimeUnit.MILLISECONDS);
    }

    @Deactivate
    void stop() throws InterruptedException {
        clock.shutdownNow();
        if (clock.awaitTermination(5, TimeUnit.SECONDS)) {
            closeAll();
        }
    }

    private void tick() {
        try {
            look(System.nanoTime() / 1_000_000);
        } catch (RuntimeException fault) {
            LOG.warn("metadata of cameras was not read this time: {}", fault.toString(), fault);
        }
        if (!clock.isShutdown()) {
            clock.schedule(this::tick, readers.isEmpty() ? SEARCH_MS : READ_MS, TimeUnit.MILLISECONDS);
        }
    }

    /** One look at everything; by one thread. */
    void look(long nowMs) {
        StreamHub now = hub;
        if (now != of) {
            closeAll();
            of = now;
            searched = false;
        }
        if (now == null) {
            return;
        }
        if (!searched || nowMs - searchedMs >= SEARCH_MS) {
            searched = true;
            searchedMs = nowMs;
            search(now);
        }
        for (Iterator<SceneReader> each = readers.values().iterator(); each.hasNext(); ) {
            SceneReader reader = each.next();
            if (!reader.look(nowMs)) {
                reader.close();
                each.remove();
            }
        }
    }

    private void search(StreamHub in) {
        Map<UUID, StreamId> wanted = new HashMap<>();
        for (StreamStatistics stream : in.statistics()) {
            StreamId id = stream.stream();
            boolean tells = !id.rendition()
                    && stream.live()
                    && stream.format().map(SceneReader::hasMetadata).orElse(false);
            if (tells && (id.role() == StreamRole.MAIN || !wanted.containsKey(id.cameraId()))) {
                wanted.put(id.cameraId(), id);
            }
        }
        // A camera that has no live stream just now keeps its reader, which sees the end of what was there.
        readers.entrySet().removeIf(entry -> {
            StreamId other = wanted.get(entry.getKey().cameraId());
            boolean gone = other != null && !other.equals(entry.getKey());
            if (gone) {
                entry.getValue().close();
            }
            return gone;
        });
        wanted.values().forEach(id -> readers.computeIfAbsent(id, one -> new SceneReader(in, one, () -> publisher)));
    }

    private void closeAll() {
        readers.values().forEach(SceneReader::close);
        readers.clear();
    }
}

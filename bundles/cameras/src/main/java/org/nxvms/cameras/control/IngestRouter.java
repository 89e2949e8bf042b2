// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.platform.api.ingest.StreamIngest;

/** The ingest engines present now, by URI scheme. Any thread. */
final class IngestRouter {
    /**
     * @param serviceId the older registration wins where two take the same scheme, so that a second
     *     engine moves no running session
     */
    private record Engine(long serviceId, Set<String> schemes, StreamIngest ingest) {}

    private final List<Engine> engines = new CopyOnWriteArrayList<>();

    void add(long serviceId, Set<String> schemes, StreamIngest ingest) {
        engines.add(new Engine(serviceId, Set.copyOf(schemes), ingest));
    }

    void remove(long serviceId) {
        engines.removeIf(engine -> engine.serviceId() == serviceId);
    }

    Optional<StreamIngest> forUri(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        return engines.stream()
                .filter(engine -> engine.schemes().contains(scheme))
                .min(Comparator.comparingLong(Engine::serviceId))
                .map(Engine::ingest);
    }

    List<StreamIngest> all() {
        return engines.stream().map(Engine::ingest).toList();
    }

    Optional<IngestStatus> status(StreamId stream) {
        for (Engine engine : engines) {
            Optional<IngestStatus> status = engine.ingest().status(stream);
            if (status.isPresent()) {
                return status;
            }
        }
        return Optional.empty();
    }

    /** {@return whether the device serves as many streams as it can, and refuses this one for that} */
    boolean findsNoPlace(StreamId stream) {
        return engines.stream()
                .flatMap(engine -> engine.ingest().trouble(stream).stream())
                .anyMatch(kind -> kind == DriverException.Kind.BUSY);
    }

    /** Takes a stream's wish back wherever it stands. */
    void release(StreamId stream, GapCause cause, String detail) {
        releaseOthers(stream, null, cause, detail);
    }

    /** Takes a stream's wish back from every engine but one. */
    void releaseOthers(StreamId stream, StreamIngest keep, GapCause cause, String detail) {
        for (Engine engine : engines) {
            if (engine.ingest() != keep && engine.ingest().status(stream).isPresent()) {
                engine.ingest().release(stream, cause, detail);
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.platform.api.camera.DriverRollout;
import org.nxvms.platform.api.camera.DriverRollout.Phase;
import org.osgi.framework.Version;

/**
 * One move of a driver's cameras to another version. Guarded by the {@link Rollouts} that has it; holds no driver, for it
 * outlives them.
 */
final class Rollout {
    private final String id;
    private final Version from;
    private final Version to;
    private final Optional<UUID> canary;
    private final long soakMs;
    /** The cameras moved so far, as they were. */
    private final Map<UUID, Fitness.Before> before = new HashMap<>();

    private Optional<Instant> begun = Optional.empty();
    private Phase phase = Phase.CANARY;
    private Instant since;
    private long sinceMs;
    private String detail = "";
    private List<String> findings = List.of();

    Rollout(ShelvedDriver from, ShelvedDriver to, Optional<UUID> canary, long soakMs) {
        this.id = to.info().id();
        this.from = from.version();
        this.to = to.version();
        this.canary = canary;
        this.soakMs = soakMs;
    }

    void enter(Phase next, ControlLoop loop, String why) {
        phase = next;
        since = loop.now();
        sinceMs = loop.monotonicMs();
        begun = begun.or(() -> Optional.of(since));
        detail = why;
    }

    void moved(UUID camera, Fitness.Before as) {
        before.put(camera, as);
    }

    Optional<Fitness.Before> before(UUID camera) {
        return Optional.ofNullable(before.get(camera));
    }

    void found(List<String> worse) {
        findings = List.copyOf(worse);
    }

    boolean runs() {
        return phase == Phase.CANARY || phase == Phase.ALL;
    }

    String id() {
        return id;
    }

    Version from() {
        return from;
    }

    Version to() {
        return to;
    }

    Optional<UUID> canary() {
        return canary;
    }

    Phase phase() {
        return phase;
    }

    long sinceMs() {
        return sinceMs;
    }

    long soakMs() {
        return soakMs;
    }

    DriverRollout report() {
        return new DriverRollout(
                id, from.toString(), to.toString(), canary, phase, begun.orElseThrow(), since, detail, findings);
    }
}

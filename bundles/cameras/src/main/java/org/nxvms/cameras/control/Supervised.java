// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.nxvms.cameras.recording.Plan;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.camera.CameraStore.StoredCamera;
import org.nxvms.platform.api.camera.DeviceFacts;

/**
 * What the supervisor knows of one camera. Written by the control thread only; the volatile parts are
 * read by whoever asks for the status.
 */
final class Supervised {
    static final long NEVER = Long.MAX_VALUE;
    static final long TRIED_AGAIN = Long.MIN_VALUE;

    /** Why the last contact through the driver failed. */
    record Trouble(DriverException.Kind kind, String message) {}

    /** Since when the camera is in a state. */
    record Since(CameraStatus.State state, Instant at) {}

    final UUID id;
    final AtomicReference<Since> since = new AtomicReference<>();
    volatile StoredCamera stored;
    /** Where the streams are, as far as ever known; survives failures of contact. */
    volatile List<StreamOffer> known = List.of();

    volatile Trouble trouble;
    /** What the driver said of the device at the last contact with it. */
    volatile Optional<DeviceFacts> facts = Optional.empty();

    private final Map<StreamRole, Plan> plans = new ConcurrentHashMap<>();

    /**
     * Streams that leave their places at the device to others, until when, monotonic, or {@link #TRIED_AGAIN}; written by {@link
     * ScarcePlaces}.
     */
    final Map<StreamRole, Long> yielded = new ConcurrentHashMap<>();

    /** Recorded streams that the driver did not name, and in how many answers in a row. */
    final Map<StreamRole, Integer> missed = new EnumMap<>(StreamRole.class);
    /** The configuration names another device than {@link #known} was found with. */
    boolean stale;
    /** Rises with each configuration and each driver: a contact begun before is of no interest. */
    int generation;

    /** Answers in a row that did not say all. */
    int unanswered;

    boolean contactRuns;
    int failures;
    /** When the driver is asked next, monotonic. */
    long contactAtMs = NEVER;

    long lastContactMs;
    /** The known endpoints are not in the store yet. */
    boolean rememberDue;

    Supervised(UUID id) {
        this.id = id;
    }

    /** {@return what the recorder was last told to do with a stream} */
    Plan plan(StreamRole role) {
        return plans.getOrDefault(role, Plan.NOTHING);
    }

    void plan(StreamRole role, Plan plan) {
        plans.put(role, plan);
    }

    Camera camera() {
        return stored.camera();
    }

    /** {@return whether a stream is not fetched since others come first} */
    boolean yields(StreamRole role) {
        return yielded.getOrDefault(role, TRIED_AGAIN) != TRIED_AGAIN;
    }

    Optional<StreamOffer> offer(StreamRole role) {
        for (StreamOffer offer : known) {
            if (offer.role() == role) {
                return Optional.of(offer);
            }
        }
        return Optional.empty();
    }

    /** {@return the start of the state, which is now unless it has lasted already} */
    Instant since(CameraStatus.State state, Instant now) {
        return since.updateAndGet(last -> last != null && last.state() == state ? last : new Since(state, now))
                .at();
    }
}

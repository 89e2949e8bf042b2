// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Cameras that are added together.
 *
 * @param revision rises with each change
 * @param runs whether more may come
 * @param items in the order they were given
 */
public record SetupBatch(UUID id, Instant begun, long revision, boolean runs, List<Item> items) {
    /** A {@code switch} needs a default branch that shows the name. */
    public enum State {
        WAITING,
        RUNNING,
        ADDED,
        /** It was configured before. */
        KNOWN,
        FAILED
    }

    /**
     * What has become of one order.
     *
     * @param camera the one that was added, or that there was
     * @param report what works on the one that was added
     * @param failure why it was not: a {@code DriverException}, or an {@link InvalidCameraException}
     */
    public record Item(
            CameraSetup.Order order,
            State state,
            Optional<UUID> camera,
            Optional<CameraReport> report,
            Optional<Exception> failure) {
        public Item {
            Objects.requireNonNull(order, "order");
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(camera, "camera");
            Objects.requireNonNull(report, "report");
            Objects.requireNonNull(failure, "failure");
        }
    }

    public SetupBatch {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(begun, "begun");
        items = List.copyOf(items);
    }
}

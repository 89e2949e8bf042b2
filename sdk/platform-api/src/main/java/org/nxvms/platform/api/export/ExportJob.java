// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.export;

import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * An order and what became of it. Immutable.
 *
 * @param serverId on whose disk the package lies
 * @param ownerId who ordered it
 * @param ownerName the same for people, as it was then
 * @param heard the cameras of whose footage there is sound
 * @param detail why it failed or what is missing, for people; empty when there is nothing to say
 * @param bytes of the package; 0 until it is done
 * @param finished when it was done or failed
 * @param expires when it is removed; empty until it is finished
 */
public record ExportJob(
        UUID id,
        UUID serverId,
        UUID ownerId,
        String ownerName,
        Instant created,
        ExportOrder order,
        Set<UUID> heard,
        State state,
        String detail,
        long bytes,
        Optional<Instant> finished,
        Optional<Instant> expires) {
    public ExportJob {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(serverId, "serverId");
        Objects.requireNonNull(ownerId, "ownerId");
        Objects.requireNonNull(ownerName, "ownerName");
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(order, "order");
        heard = Set.copyOf(heard);
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(finished, "finished");
        Objects.requireNonNull(expires, "expires");
    }

    /** {@return the same, being made} */
    public ExportJob running() {
        return with(State.RUNNING, "", 0, Optional.empty(), Optional.empty());
    }

    /** {@return the same with its end} */
    public ExportJob ended(State how, String why, long packageBytes, Instant when, Instant until) {
        return with(how, why, packageBytes, Optional.of(when), Optional.of(until));
    }

    /** {@return the same, of whose footage of one more camera there is sound} */
    public ExportJob hearing(UUID camera) {
        Set<UUID> more = new HashSet<>(heard);
        more.add(camera);
        return new ExportJob(
                id, serverId, ownerId, ownerName, created, order, more, state, detail, bytes, finished, expires);
    }

    private ExportJob with(State how, String why, long size, Optional<Instant> when, Optional<Instant> until) {
        return new ExportJob(id, serverId, ownerId, ownerName, created, order, heard, how, why, size, when, until);
    }

    /** How far it is; more may follow, a {@code switch} needs a default branch. */
    public enum State {
        WAITING,
        RUNNING,
        DONE,
        FAILED
    }
}

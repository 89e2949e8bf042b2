// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** Whether there is place for one more order, and room for its package. Any thread. */
final class Taking {
    private final ExportLimits limits;
    private final PackageRoom room;

    Taking(ExportLimits limits, PackageRoom room) {
        this.limits = limits;
        this.room = room;
    }

    /**
     * Before an order is taken.
     *
     * @param jobs all there are
     * @param owner who orders
     * @param expectedBytes about how large the package will be
     * @throws Exports.RefusedException when there are too many jobs, or no room
     */
    void require(Collection<KeptJob> jobs, UUID owner, long expectedBytes)
            throws Exports.RefusedException, IOException {
        requirePlace(jobs, owner);
        long promised = jobs.stream()
                .filter(kept -> !kept.isFinished())
                .mapToLong(kept -> kept.progress.expectedBytes() - kept.progress.doneBytes())
                .sum();
        try {
            room.requireFor(expectedBytes, promised);
        } catch (PackageRoom.NoRoomException none) {
            throw new Exports.RefusedException(none.getMessage());
        }
    }

    private void requirePlace(Collection<KeptJob> jobs, UUID owner) throws Exports.RefusedException {
        if (jobs.size() >= ExportLimits.JOBS_MAX) {
            throw new Exports.RefusedException("There are " + jobs.size() + " exports. Remove some that nobody needs");
        }
        List<KeptJob> open = jobs.stream().filter(kept -> !kept.isFinished()).toList();
        if (open.size() >= limits.waitingMax()) {
            throw new Exports.RefusedException(open.size() + " exports are not finished. Wait for one, or remove one");
        }
        long own =
                open.stream().filter(kept -> kept.job.ownerId().equals(owner)).count();
        if (own >= limits.waitingOfOneMax()) {
            throw new Exports.RefusedException(own + " exports of yours are not finished. Wait for one, or remove one");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.util.Optional;
import org.nxvms.export.job.DiskSpace.Shared;

/** Whether there is room for packages (ADR 85). Any thread. */
final class PackageRoom {
    private final ExportLimits limits;
    private final PackageFiles places;
    private final DiskSpace space;

    /** There is no room; the message is for people. */
    static final class NoRoomException extends ExportFailedException {
        private static final long serialVersionUID = 1L;
        private final boolean passing;

        NoRoomException(String message, boolean passing) {
            super(message);
            this.passing = passing;
        }

        /** {@return whether retention may make room} */
        boolean isPassing() {
            return passing;
        }
    }

    PackageRoom(ExportLimits limits, PackageFiles places, DiskSpace space) {
        this.limits = limits;
        this.places = places;
        this.space = space;
    }

    /**
     * Before so much more is written.
     *
     * @throws NoRoomException when there is none
     */
    void require(long bytes) throws IOException {
        Optional<Shared> shared = space.shared(limits.folder());
        long reserve = reserve(shared);
        long usable = space.usable(limits.folder());
        if (usable - bytes < reserve) {
            throw full(usable, reserve, shared);
        }
        long used = places.bytes();
        long most = most(shared);
        if (used > most) {
            throw new NoRoomException(
                    "Packages have " + used + " bytes, of which there may be " + most
                            + ". Remove exports, and order again",
                    false);
        }
    }

    /**
     * Before a package is ordered.
     *
     * @param expected about how large it will be
     * @param promised what of ordered packages is still to be written
     * @throws NoRoomException when it cannot become whole
     */
    void requireFor(long expected, long promised) throws IOException {
        Optional<Shared> shared = space.shared(limits.folder());
        long used = places.bytes() + promised;
        long most = most(shared);
        if (used + expected > most) {
            throw new NoRoomException(
                    "The package would have about " + expected + " bytes; packages have " + used + " of at most " + most
                            + ". Remove exports, order less, or allow more (packagesGibibytesMax of org.nxvms.export"
                            + (shared.isPresent() ? ", a tenth of the disk where there is footage on it too)" : ")"),
                    false);
        }
        long usable = space.usable(limits.folder());
        long reserve = reserve(shared);
        // Where there is footage on the disk, retention makes room while the package is made.
        if (shared.isEmpty() && usable - promised - expected < reserve) {
            throw full(usable, reserve, shared);
        }
    }

    private long reserve(Optional<Shared> shared) {
        return Math.max(limits.reserveBytes(), shared.map(Shared::reserveBytes).orElse(0L));
    }

    private long most(Optional<Shared> shared) {
        return Math.min(
                limits.packageBytesMax(), shared.map(Shared::packageBytesMax).orElse(Long.MAX_VALUE));
    }

    private NoRoomException full(long usable, long reserve, Optional<Shared> shared) {
        return new NoRoomException(
                "The disk of " + limits.folder() + " is full: " + usable + " bytes are free, of which " + reserve
                        + " stay free"
                        + (shared.isPresent() ? ", since footage is recorded on it too" : "")
                        + ". Make room or remove exports, and order again",
                shared.isPresent());
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.time.Duration;
import java.util.OptionalLong;

/** What those who bring footage to a volume, and retention, which makes room on it, tell each other. Any thread. */
final class VolumeRoom {
    private volatile long wantedBytes;
    private volatile OptionalLong madeNanos = OptionalLong.empty();

    /** A copy of so many bytes waits until retention has made room; 0 when none does. */
    void want(long bytes) {
        wantedBytes = bytes;
    }

    long wantedBytes() {
        return wantedBytes;
    }

    /** Footage was removed, since there was no room. */
    void made() {
        madeNanos = OptionalLong.of(System.nanoTime());
    }

    /** {@return whether what would come here now would soon make other footage go} */
    boolean wasMadeWithin(Duration time) {
        OptionalLong made = madeNanos;
        return made.isPresent() && System.nanoTime() - made.getAsLong() < time.toNanos();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.concurrent.atomic.AtomicLong;
import org.nxvms.media.kit.fmp4.CipherBox;
import org.nxvms.platform.api.archive.FootageBusyException;

/**
 * How much of the heap all readers together may fill with footage in the clear. The JDK needs as much again while it
 * decrypts, for none longer than that. Any thread, never waits: who waits for slow viewers would hold a thread for each.
 */
final class ClearRoom {
    private static final int HEAP_PART = 8;

    private final long bytesMax;
    private final AtomicLong taken = new AtomicLong();

    /** An eighth of the heap. */
    ClearRoom() {
        this(Runtime.getRuntime().maxMemory() / HEAP_PART);
    }

    /** @param bytesMax one fragment of the largest at least */
    ClearRoom(long bytesMax) {
        this.bytesMax = Math.max(bytesMax, FragmentCipher.FRAGMENT_BYTES_MAX + CipherBox.TAG_BYTES);
    }

    void take(long bytes) throws FootageBusyException {
        if (taken.addAndGet(bytes) > bytesMax) {
            taken.addAndGet(-bytes);
            throw new FootageBusyException("Encrypted footage that is being sent now fills the " + (bytesMax >> 20)
                    + " MiB there are for it. Close a player or try again in a moment.");
        }
    }

    void give(long bytes) {
        taken.addAndGet(-bytes);
    }

    long taken() {
        return taken.get();
    }
}

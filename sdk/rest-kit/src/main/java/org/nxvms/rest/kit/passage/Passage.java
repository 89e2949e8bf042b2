// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.passage;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Counts who is on the way to what lies behind, so that it can be taken away when nobody is. Closed at first. Any thread. */
final class Passage {
    private boolean open;
    private int inside;

    synchronized void open() {
        open = true;
    }

    /** {@return whether one is let in; then {@link #leave} is called once} */
    synchronized boolean enter() {
        if (open) {
            inside++;
        }
        return open;
    }

    synchronized void leave() {
        inside--;
        notifyAll();
    }

    /** Lets nobody in from now on, and waits for those inside. {@return whether all have left} */
    synchronized boolean close(Duration max) {
        open = false;
        long end = System.nanoTime() + max.toNanos();
        try {
            for (long left = max.toNanos(); inside > 0 && left > 0; left = end - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return inside == 0;
    }
}

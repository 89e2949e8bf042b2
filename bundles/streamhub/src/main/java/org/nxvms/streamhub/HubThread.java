// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import java.util.concurrent.Executor;

/** The hub's own thread, on which memory is made and given back, and the time it goes by. Its tasks never wait for anything. */
interface HubThread extends Executor {
    /** {@return as System.nanoTime} */
    long nanoTime();

    /** Does something not before so much time has passed; never, when the hub is closed by then. */
    void executeAfter(Runnable task, long ns);
}

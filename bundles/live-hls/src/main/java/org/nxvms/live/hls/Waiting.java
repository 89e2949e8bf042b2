// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.hls;

/** A request that is answered when its stream has gone on. It holds no thread. Called by the pump's thread. */
interface Waiting {
    Feed feed();

    /** {@return whether it needs the pump no more: answered, or its client has gone} */
    boolean isOver();

    /** The stream may have gone on, or time has. Nothing here blocks. */
    void look(long nowMs);

    /** The server stops. */
    void stop();
}

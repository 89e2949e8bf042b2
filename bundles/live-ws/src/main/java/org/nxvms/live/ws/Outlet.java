// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What one viewer is told and shown, in order. Called by the pump's thread; nothing here blocks. */
interface Outlet {
    boolean isOpen();

    /** {@return bytes of this viewer's that were handed over and not yet taken by the operating system} */
    long pendingBytes();

    /** {@return among how many viewers the way to the client is shared} */
    default int sharers() {
        return 1;
    }

    /** Says something about this viewer's stream. */
    void say(ObjectNode message);

    /** Says that the client is still there for us, which several viewers of one client need only once. */
    default void ping() {
        say(Messages.ping(System.currentTimeMillis()));
    }

    /** Sends an initialisation segment, or a fragment, which nobody changes. */
    void media(Media media);

    /** Ends the viewer after what was handed over. */
    void close(int code, String reason);
}

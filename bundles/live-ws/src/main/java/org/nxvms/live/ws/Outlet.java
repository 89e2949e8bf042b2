// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import java.nio.ByteBuffer;

/** The socket of one viewer. Called by the pump's thread; nothing here blocks. */
interface Outlet {
    boolean isOpen();

    /** {@return bytes handed over and not yet taken by the operating system} */
    long pendingBytes();

    void text(String message);

    /** Sends the remaining bytes, which nobody changes. */
    void binary(ByteBuffer bytes);

    /** Ends the socket after what was handed over. */
    void close(int code, String reason);
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.kit.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;

/** How the end of a connection that was kept for a next request shows. The JDK's client repeats no POST by itself. */
final class KeptConnections {
    private static final int CAUSES_MAX = 10;

    private KeptConnections() {}

    /** {@return whether a failure is that a connection was over, before a byte of an answer or by a reset} */
    static boolean isEnd(Throwable failure) {
        boolean end = false;
        int depth = 0;
        for (Throwable each = failure; each != null && depth < CAUSES_MAX; each = each.getCause(), depth++) {
            if (each instanceof ConnectException) {
                return false;
            }
            end |= each instanceof SocketException
                    || each instanceof ClosedChannelException
                    || each instanceof IOException && says(each);
        }
        return end;
    }

    private static boolean says(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("header parser received no bytes")
                || message.contains("Connection reset")
                || message.contains("Broken pipe");
    }
}

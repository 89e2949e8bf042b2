// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.harness;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;

/**
 * Ports that stay free while a server is down: below those that the system gives to whoever connects, and each process of
 * tests takes its own. Which ones, {@code -Dnxvms.ports=N} tells those that run beside each other. Any thread.
 */
public final class Ports {
    private static final int FIRST = 20_000;
    private static final int COUNT = 12_000;
    /** How many one process of tests may use. */
    private static final int SHARE = 500;

    private static int next =
            (int) (Long.getLong("nxvms.ports", ProcessHandle.current().pid()) % (COUNT / SHARE)) * SHARE;

    private Ports() {}

    /** {@return a port on which nobody listens, neither by TCP nor by UDP, and which was not given before} */
    public static synchronized int free() {
        for (int tried = 0; tried < COUNT; tried++) {
            int port = FIRST + next;
            next = (next + 1) % COUNT;
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no port from " + FIRST + " to " + (FIRST + COUNT - 1) + " is free");
    }

    private static boolean isFree(int port) {
        try (ServerSocket tcp = new ServerSocket(port);
                DatagramSocket udp = new DatagramSocket(port)) {
            return tcp.isBound() && udp.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}

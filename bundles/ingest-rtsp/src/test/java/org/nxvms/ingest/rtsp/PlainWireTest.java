// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the engine believes of the kernel's buffer. */
class PlainWireTest {
    private static final int ASKED_FOR = 512 << 10;

    @Test
    void roomIsWhatTheKernelGrantedAndNoHalfOfIt() throws Exception {
        // In one read: the kernel gives the rest of such a file to nobody.
        long allowed = Long.parseLong(
                Files.readAllLines(Path.of("/proc/sys/net/core/rmem_max")).get(0));
        IoLoop loop = new IoLoop("plain-wire-test", Settings.DEFAULTS);
        try (ServerSocket camera = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Wire wire = new PlainWire(
                    loop, new InetSocketAddress(camera.getInetAddress(), camera.getLocalPort()), new Nobody());
            try {
                assertThat(wire.roomBytes()).isEqualTo((int) Math.min(ASKED_FOR, allowed));
            } finally {
                wire.close();
            }
        } finally {
            loop.start();
            loop.stop(2_000);
        }
    }

    private static final class Nobody implements IoLoop.Socket {
        @Override
        public void ready() {
            throw new AssertionError("nobody looks");
        }

        @Override
        public void broke(Throwable fault) {
            throw new AssertionError(fault);
        }

        @Override
        public void close() {
            // Closed by who opened it.
        }
    }
}

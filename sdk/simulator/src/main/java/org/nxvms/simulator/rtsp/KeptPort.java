// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * Keeps a port for a device, whether it listens there or is away: whoever connects meanwhile is refused, and nobody gets it who
 * asks for any free port. Who asks for this very one may have it while the device is away, as may its own listener with the
 * option SO_REUSEADDR. Any thread.
 */
public final class KeptPort implements Closeable {
    /** Bound and never listening, so that it stands in no listener's way. */
    private final SocketChannel keeper = SocketChannel.open();

    private final InetSocketAddress address;

    /** @param where of port 0: any that is free */
    public KeptPort(InetSocketAddress where) throws IOException {
        try {
            keeper.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            address = (InetSocketAddress) keeper.bind(where).getLocalAddress();
        } catch (IOException taken) {
            keeper.close();
            throw taken;
        }
    }

    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() throws IOException {
        keeper.close();
    }
}

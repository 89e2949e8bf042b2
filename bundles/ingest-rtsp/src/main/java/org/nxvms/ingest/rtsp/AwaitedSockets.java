// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.nxvms.media.kit.live.LookPace;

/**
 * Sockets of cameras that somebody watches: what comes there wakes the loop, which looks at these alone. They have a selector of their
 * own, since at the other one there is nearly always something of a camera that can wait. Two things keep this from costing more than
 * looking at a pace: what is begun gets some milliseconds to come whole, and the pace itself, where very much comes one by one. Loop
 * thread only, but for {@link #wakeUp}.
 */
final class AwaitedSockets {
    /** What a picture's packets need that a camera sends in one go. */
    private static final long WHOLE_NS = 3_000_000;

    private static final long MS_NS = 1_000_000;

    private final Selector selector;
    private final Consumer<IoLoop.Socket> ready;
    private final Consumer<SelectionKey> look = this::look;
    private final LookPace pace = new LookPace(System.nanoTime());
    private boolean begun;

    /** @param ready told of each socket that has something to read */
    AwaitedSockets(Consumer<IoLoop.Socket> ready) throws IOException {
        this.selector = Selector.open();
        this.ready = ready;
    }

    /** {@return a key whose cancelling ends it} */
    SelectionKey add(SelectableChannel channel, IoLoop.Socket socket) throws IOException {
        return channel.register(selector, SelectionKey.OP_READ, socket);
    }

    boolean isEmpty() {
        return selector.keys().isEmpty();
    }

    /** Ends the wait, or the next one. Any thread, which unparks the loop's as well. */
    void wakeUp() {
        selector.wakeup();
    }

    /**
     * Waits until something is to be read, and has it read.
     *
     * @param restNs at most so long
     * @param tickNs between two looks in the mean
     */
    void await(long restNs, long tickNs) throws IOException {
        long pauseNs = Math.max(begun ? WHOLE_NS : 0, pace.pauseNs(System.nanoTime(), tickNs));
        begun = false;
        if (restNs < MS_NS || pauseNs > 0) {
            LockSupport.parkNanos(Math.min(restNs, pauseNs));
            selector.selectNow(look);
        } else {
            selector.select(look, restNs / MS_NS);
        }
        pace.looked(System.nanoTime(), tickNs);
    }

    private void look(SelectionKey key) {
        // Of a socket that was given away only the key is left.
        if (key.attachment() instanceof IoLoop.Socket socket) {
            ready.accept(socket);
            begun |= socket.midway();
        }
    }

    void close() throws IOException {
        selector.close();
    }
}

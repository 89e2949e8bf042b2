// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.http;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultSet;

/** One client's connection: its bytes, as faults let them through. Read by one thread, written by any. */
final class HttpConnection implements Closeable {
    /** A client that says nothing for so long is let go. */
    private static final int IDLE_MS = 120_000;

    private static final int LEAVE_MS = 1_000;
    private static final long TICK_MS = 50;
    private static final long SECOND_MS = 1000;

    private final Socket socket;
    private final InputStream in;
    private final Supplier<FaultSet> faults;
    private final ReentrantLock sending = new ReentrantLock();
    /** Not guarded by the lock of {@link #send}, which a client that does not read may hold for ever. */
    private volatile boolean hung;

    HttpConnection(Socket socket, Supplier<FaultSet> faults) throws IOException {
        this.socket = socket;
        this.faults = faults;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(IDLE_MS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    InputStream in() {
        return in;
    }

    FaultSet faults() {
        return faults.get();
    }

    /** From now on nothing more is sent, and nothing closed, as if the device's power were cut. */
    void hang() throws IOException {
        stayOpen();
        hung = true;
    }

    boolean hangs() {
        return hung;
    }

    /** No more limit on silence: a WebSocket may say nothing for ever. */
    void stayOpen() throws IOException {
        socket.setSoTimeout(0);
    }

    /** Sends all, at the pace of {@link FaultKind#SLOW_DRIP}, before anybody else's. Waits as long as the connection hangs. */
    void send(byte[] bytes) throws IOException, InterruptedException {
        sending.lockInterruptibly();
        boolean interrupted = false;
        try {
            int sent = 0;
            long credit = 0;
            while (sent < bytes.length) {
                while (hung) {
                    interrupted |= pause();
                }
                long pace = faults.get().value(FaultKind.SLOW_DRIP);
                credit = pace == 0 ? Long.MAX_VALUE : credit + pace * TICK_MS;
                int now = (int) Math.min(bytes.length - sent, pace == 0 ? Integer.MAX_VALUE : credit / SECOND_MS);
                credit -= now * SECOND_MS;
                socket.getOutputStream().write(bytes, sent, now);
                sent += now;
                if (sent < bytes.length) {
                    interrupted |= pause();
                }
            }
        } finally {
            sending.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Keeps the lock, so that nobody else's bytes come between; is not interrupted within a message.
     *
     * @return whether there was an interrupt; with its flag set every pause would be over at once
     */
    private static boolean pause() {
        boolean interrupted = Thread.interrupted();
        LockSupport.parkNanos(TICK_MS * 1_000_000);
        return interrupted;
    }

    /** Ends the way out and takes some of what still comes in, so that the client reads the answer before the end. */
    void leave() throws IOException {
        socket.shutdownOutput();
        socket.setSoTimeout(LEAVE_MS);
        in.readNBytes(HttpRequest.BODY_MAX);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        hung = false;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.secure;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.DatagramTransport;

/**
 * What DTLS sees as its network: datagrams that others received, and a way to send. A full queue drops, as a network does. Put by
 * the thread of the socket, taken by the one that shakes hands, later by the pump.
 */
public final class RecordQueue implements DatagramTransport {
    /** A browser's largest flight is some eight datagrams. */
    private static final int RECORDS_MAX = 32;

    private static final int RECEIVE_BYTES_MAX = 2_048;
    private static final int SEND_BYTES_MAX = 1_200;

    /** Wakes who waits when the queue is closed. */
    private static final byte[] END = {};

    private static final int WAITING = -1;

    /** Sends one datagram; one that cannot be sent is lost. */
    @FunctionalInterface
    public interface Sender {
        void send(byte[] datagram, int length);
    }

    private final ArrayBlockingQueue<byte[]> records = new ArrayBlockingQueue<>(RECORDS_MAX);
    private final Sender sender;
    private volatile boolean closed;
    private int permitted = WAITING;

    public RecordQueue(Sender sender) {
        this.sender = sender;
    }

    /** {@return whether a datagram was taken: it found room, and claims nothing that is too long} */
    public boolean offer(byte[] datagram) {
        return !closed && HandshakeBounds.hold(datagram) && records.offer(datagram);
    }

    public boolean isEmpty() {
        return records.isEmpty();
    }

    /**
     * From now on {@link #receive} waits for nothing, and gives at most so many datagrams until this is called again; beyond,
     * {@link InterruptedIOException}, after which DTLS goes on as if nothing had been asked. For who takes, after the handshake.
     */
    public void permit(int datagrams) {
        permitted = datagrams;
    }

    @Override
    public int getReceiveLimit() {
        return RECEIVE_BYTES_MAX;
    }

    @Override
    public int getSendLimit() {
        return SEND_BYTES_MAX;
    }

    @Override
    public int receive(byte[] target, int offset, int length, int waitMillis) throws IOException {
        byte[] record = permitted == WAITING ? next(waitMillis) : nextPermitted();
        if (closed) {
            throw new IOException("the viewer has gone");
        }
        if (record == null) {
            return -1;
        }
        int bytes = Math.min(length, record.length);
        System.arraycopy(record, 0, target, offset, bytes);
        return bytes;
    }

    private byte[] next(int waitMillis) throws IOException {
        try {
            return closed ? null : records.poll(waitMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped");
        }
    }

    private byte[] nextPermitted() throws IOException {
        byte[] record = permitted > 0 ? records.poll() : null;
        if (record == null) {
            throw new InterruptedIOException("no more for now");
        }
        permitted--;
        return record;
    }

    @Override
    public void send(byte[] source, int offset, int length) {
        byte[] datagram = new byte[length];
        System.arraycopy(source, offset, datagram, 0, length);
        sender.send(datagram, length);
    }

    @Override
    public void close() {
        closed = true;
        // No room: nobody waits.
        records.offer(END);
    }
}

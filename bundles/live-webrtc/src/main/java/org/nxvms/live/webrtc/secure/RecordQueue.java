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

    /** Sends one datagram; one that cannot be sent is lost. */
    @FunctionalInterface
    public interface Sender {
        void send(byte[] datagram, int length);
    }

    private final ArrayBlockingQueue<byte[]> records = new ArrayBlockingQueue<>(RECORDS_MAX);
    private final Sender sender;
    private volatile boolean closed;

    public RecordQueue(Sender sender) {
        this.sender = sender;
    }

    /** {@return whether a datagram found room} */
    public boolean offer(byte[] datagram) {
        return !closed && records.offer(datagram);
    }

    public boolean isEmpty() {
        return records.isEmpty();
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
        if (closed) {
            throw new IOException("the viewer has gone");
        }
        try {
            byte[] record = records.poll(waitMillis, TimeUnit.MILLISECONDS);
            if (record == null) {
                return -1;
            }
            int bytes = Math.min(length, record.length);
            System.arraycopy(record, 0, target, offset, bytes);
            return bytes;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopped");
        }
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
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Random;

/** A player's end of the way, over UDP or in frames over TCP (RFC 4571). One thread. */
interface Link extends AutoCloseable {
    void open(InetSocketAddress server) throws IOException;

    void send(byte[] datagram, int length) throws IOException;

    /** {@return how long the next datagram is, -1 when none comes in time} */
    int receive(byte[] into, int waitMs) throws IOException;

    int localPort();

    @Override
    void close();

    /** Over UDP. */
    final class Udp implements Link {
        private final DatagramSocket socket;
        private InetSocketAddress server;

        Udp() throws IOException {
            socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            socket.setReceiveBufferSize(4 << 20);
        }

        @Override
        public void open(InetSocketAddress to) {
            server = to;
        }

        @Override
        public void send(byte[] datagram, int length) throws IOException {
            socket.send(new DatagramPacket(datagram, length, server));
        }

        @Override
        public int receive(byte[] into, int waitMs) throws IOException {
            DatagramPacket datagram = new DatagramPacket(into, into.length);
            try {
                socket.setSoTimeout(Math.max(1, waitMs));
                socket.receive(datagram);
                return datagram.getLength();
            } catch (SocketTimeoutException nothing) {
                return -1;
            }
        }

        @Override
        public int localPort() {
            return socket.getLocalPort();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    /** Over TCP; frames leave in pieces of chance length, as nothing promises that they come whole. */
    final class Tcp implements Link {
        private static final int RECEIVE_BUFFER_BYTES = 64 << 10;

        private final Random random = new Random(5);
        private final ByteBuffer in = ByteBuffer.allocate(1 << 17).flip();
        private Socket socket;

        @Override
        public void open(InetSocketAddress to) throws IOException {
            if (socket == null || socket.isClosed()) {
                in.clear().flip();
                socket = new Socket();
                socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
                socket.setTcpNoDelay(true);
                socket.connect(to, 60_000);
            }
        }

        @Override
        public void send(byte[] datagram, int length) throws IOException {
            byte[] frame = ByteBuffer.allocate(2 + length)
                    .putShort((short) length)
                    .put(datagram, 0, length)
                    .array();
            int first = random.nextInt(frame.length + 1);
            socket.getOutputStream().write(frame, 0, first);
            socket.getOutputStream().write(frame, first, frame.length - first);
        }

        @Override
        public int receive(byte[] into, int waitMs) throws IOException {
            socket.setSoTimeout(Math.max(1, waitMs));
            while (in.remaining() < 2 || in.remaining() < 2 + length()) {
                in.compact();
                try {
                    int bytes = socket.getInputStream().read(in.array(), in.position(), in.remaining());
                    if (bytes < 0) {
                        throw new IOException("the server closed the connection");
                    }
                    in.position(in.position() + bytes);
                } catch (SocketTimeoutException nothing) {
                    return -1;
                } finally {
                    in.flip();
                }
            }
            int length = length();
            in.getShort();
            in.get(into, 0, length);
            return length;
        }

        private int length() {
            return in.getShort(in.position()) & 0xFFFF;
        }

        @Override
        public int localPort() {
            return socket.getLocalPort();
        }

        @Override
        public void close() {
            try {
                if (socket != null) {
                    socket.close();
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}

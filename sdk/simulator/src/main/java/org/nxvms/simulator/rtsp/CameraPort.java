// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The RTSP port of one camera and who is connected to it. On the farm's thread, but for {@link #address()} and {@link #moves()}. */
final class CameraPort {
    private static final Logger LOG = LoggerFactory.getLogger(CameraPort.class);
    private static final int BACKLOG = 64;
    /** 127.0.0.1 is everybody's. */
    private static final int FIRST_HOST = 2;

    private static final int LAST_HOST = 254;
    /** A real device allows fewer; enough for any test, and a bound on memory. */
    private static final int CONNECTIONS_MAX = 256;

    private final Camera camera;
    private final FarmLoop loop;
    private volatile InetSocketAddress address;
    private volatile int moves;
    private final List<Connection> connections = new ArrayList<>();
    private KeptPort kept;
    private ServerSocketChannel listener;
    private boolean taken;

    CameraPort(Camera camera, FarmLoop loop, InetSocketAddress wanted) throws IOException {
        this.camera = camera;
        this.loop = loop;
        this.kept = keep(wanted);
        this.listener = open();
        this.address = (InetSocketAddress) listener.getLocalAddress();
    }

    InetSocketAddress address() {
        return address;
    }

    /** {@return how often it has come to another address} */
    int moves() {
        return moves;
    }

    /** Will be elsewhere when it opens next. */
    void move() {
        address = elsewhere(address);
        moves++;
    }

    /** {@return another address for a device: on loopback the next one, else other ports at the same} */
    static InetSocketAddress elsewhere(InetSocketAddress now) {
        byte[] bytes = now.getAddress().getAddress();
        if (!(now.getAddress() instanceof Inet4Address) || !now.getAddress().isLoopbackAddress()) {
            return new InetSocketAddress(now.getAddress(), 0);
        }
        bytes[3] = (byte) ((bytes[3] & 0xFF) >= LAST_HOST ? FIRST_HOST : bytes[3] + 1);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), now.getPort());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException("four bytes are an address", impossible);
        }
    }

    boolean isOpen() {
        return listener.isOpen();
    }

    /** Opens or closes it; a port that someone else has taken meanwhile is tried again when this is called again. */
    void beOpen(boolean wanted) {
        try {
            if (!wanted && listener.isOpen()) {
                listener.close();
                loop.forgetClosedKeys();
                disconnectAll();
            } else if (wanted && !listener.isOpen()) {
                if (!address.equals(kept.address())) {
                    kept.close();
                    kept = keep(address);
                }
                listener = open();
                address = (InetSocketAddress) listener.getLocalAddress();
                taken = false;
            }
        } catch (IOException inUse) {
            if (!taken) {
                LOG.warn("camera {} stays away until its port is free: {}", camera.number(), inUse.getMessage());
            }
            taken = true;
            if (moves > 0) {
                // Where it goes to is its own business; any port there will do.
                address = new InetSocketAddress(address.getAddress(), 0);
            }
        }
    }

    private KeptPort keep(InetSocketAddress where) throws IOException {
        try {
            return new KeptPort(where);
        } catch (IOException e) {
            throw cannotListen(where, e);
        }
    }

    private ServerSocketChannel open() throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(kept.address(), BACKLOG);
            channel.configureBlocking(false);
            channel.register(loop.selector(), SelectionKey.OP_ACCEPT, camera);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw cannotListen(kept.address(), e);
        }
    }

    private IOException cannotListen(InetSocketAddress where, IOException why) {
        return new IOException(
                "camera " + camera.number() + " cannot listen on "
                        + where.getAddress().getHostAddress() + ":" + where.getPort() + ": " + why.getMessage(),
                why);
    }

    void accept() throws IOException {
        SocketChannel channel = listener.accept();
        if (channel == null) {
            return;
        }
        if (connections.size() >= CONNECTIONS_MAX) {
            channel.close();
            return;
        }
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        connections.add(new Connection(camera, loop, channel));
    }

    /** Sends what is due; returns when to come back, in {@link System#nanoTime()}. */
    long pump(long now) {
        long next = Long.MAX_VALUE;
        for (int i = connections.size() - 1; i >= 0; i--) {
            next = Math.min(next, connections.get(i).pump(now));
        }
        return next;
    }

    void houseKeep(long now) {
        for (int i = connections.size() - 1; i >= 0; i--) {
            connections.get(i).houseKeep(now);
        }
    }

    void remove(Connection connection) {
        connections.remove(connection);
    }

    /** From now on nothing comes of the connections there are. */
    void hang() {
        connections.forEach(Connection::hang);
    }

    void disconnectHanging() {
        connections.stream().filter(Connection::hangs).toList().forEach(Connection::close);
    }

    void disconnectAll() {
        List.copyOf(connections).forEach(Connection::close);
    }

    void close() throws IOException {
        listener.close();
        kept.close();
        disconnectAll();
    }

    int connections() {
        return connections.size();
    }

    int playing() {
        return (int) connections.stream().filter(Connection::isPlaying).count();
    }

    /** {@return sessions there are now} */
    long sessions() {
        return connections.stream().filter(Connection::hasSession).count();
    }

    /** {@return whether this is the session that feeds its stream's group: one is enough for all} */
    boolean sendsToGroup(Playback playback) {
        for (Connection connection : connections) {
            if (connection.feedsGroup(playback.role())) {
                return connection.plays(playback);
            }
        }
        return false;
    }

    /** {@return whose receiver reports come from there; null for a stranger} */
    Connection withReports(InetSocketAddress from) {
        for (Connection connection : connections) {
            if (connection.reportsFrom(from)) {
                return connection;
            }
        }
        return null;
    }
}

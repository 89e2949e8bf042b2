// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.nxvms.simulator.fault.Fault;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultSet;
import org.nxvms.simulator.rtp.PacketTrack;

/**
 * One simulated device: a port of its own, a main and a sub stream, the faults it has now.
 *
 * <p>Public methods may be called from any thread; they return when the farm's thread has done what they ask.
 */
public final class Camera {
    private static final int BACKLOG = 64;
    private static final int GROUP_PORT = 25_000;
    /** A real device allows fewer; enough for any test, and a bound on memory. */
    private static final int CONNECTIONS_MAX = 256;

    /** Which of the two streams. */
    public enum Role {
        MAIN("main"),
        SUB("sub");

        private final String path;

        Role(String path) {
            this.path = path;
        }
    }

    /**
     * What a camera has done since it was started.
     *
     * @param connections open now
     * @param playing sessions that play now
     * @param requests answered or ignored
     * @param units pictures and frames of sound sent, per session
     * @param packets RTP packets sent, without those left out by a fault
     * @param bytes sent, in all
     * @param skippedUnits not sent because a client did not read fast enough, or for a stall
     */
    public record Status(
            int connections, int playing, long requests, long units, long packets, long bytes, long skippedUnits) {}

    private final int number;
    private final CameraSettings settings;
    private final Media media;
    private final FarmLoop loop;
    private final CameraClock clock;
    private final InetSocketAddress address;
    private final List<Connection> connections = new ArrayList<>();
    private final Counters counters = new Counters();
    private volatile FaultSet faults;
    private ServerSocketChannel listener;
    private long stallUntilNano = Long.MIN_VALUE;
    private long timestampJumpSeconds;
    private long rebootUntilNano;

    Camera(int number, InetSocketAddress wanted, CameraSettings settings, Media media, FarmLoop loop)
            throws IOException {
        this.number = number;
        this.settings = settings;
        this.media = media;
        this.loop = loop;
        this.clock = new CameraClock(loop.anchor(), loop.anchorNano(), settings);
        this.faults = FaultSet.NONE;
        this.listener = open(wanted);
        this.address = (InetSocketAddress) listener.getLocalAddress();
    }

    public int number() {
        return number;
    }

    public CameraSettings settings() {
        return settings;
    }

    public InetSocketAddress address() {
        return address;
    }

    /** The address of a stream, without login. */
    public String uri(Role role) {
        return baseUri() + path(role);
    }

    /** The RTP packets of a stream as it is sent without faults, to compare with what was received. */
    public PacketTrack video(Role role) {
        return role == Role.MAIN ? media.main() : media.sub();
    }

    public List<Fault> faults() {
        return faults.list();
    }

    /** Adds a fault, or sets its number anew. */
    public void set(Fault fault) {
        change(current -> current.with(fault), fault);
    }

    /** Sets a fault with its usual number. */
    public void set(FaultKind kind) {
        set(kind.fault());
    }

    public void clear(FaultKind kind) {
        change(current -> current.without(kind), null);
    }

    public void clearFaults() {
        change(current -> FaultSet.NONE, null);
    }

    /** Closes every connection, as a device does that restarts. */
    public void disconnectAll() {
        loop.await(this::closeConnections);
    }

    public Status status() {
        List<Status> status = new ArrayList<>(1);
        loop.await(() -> status.add(counters.status(connections.size(), (int)
                connections.stream().filter(Connection::isPlaying).count())));
        return status.get(0);
    }

    // The rest is called on the farm's thread only.

    private void change(UnaryOperator<FaultSet> change, Fault added) {
        loop.await(() -> {
            faults = change.apply(faults);
            if (added != null && added.kind() == FaultKind.STALL) {
                stallUntilNano =
                        added.value() == 0 ? Long.MAX_VALUE : System.nanoTime() + added.value() * 1_000_000_000L;
            }
            if (added != null && added.kind() == FaultKind.REBOOT) {
                rebootUntilNano = System.nanoTime() + added.value() * 1_000_000_000L;
            }
            if (added != null && added.kind() == FaultKind.HALF_OPEN) {
                connections.forEach(Connection::hang);
            } else if (!faults.has(FaultKind.HALF_OPEN)) {
                connections.stream().filter(Connection::hangs).toList().forEach(Connection::close);
            }
            if (added != null && added.kind() == FaultKind.TIMESTAMP_JUMP) {
                timestampJumpSeconds += added.value();
            }
            try {
                followRefuseConnection();
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "camera " + number + " cannot listen on " + address + " again; is the port taken?", e);
            }
        });
    }

    private void followRefuseConnection() throws IOException {
        boolean refuse = faults.has(FaultKind.REFUSE_CONNECTION) || faults.has(FaultKind.REBOOT);
        if (refuse && listener.isOpen()) {
            listener.close();
            loop.forgetClosedKeys();
            closeConnections();
        } else if (!refuse && !listener.isOpen()) {
            listener = open(address);
        }
    }

    private ServerSocketChannel open(InetSocketAddress where) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(where, BACKLOG);
            channel.configureBlocking(false);
            channel.register(loop.selector(), SelectionKey.OP_ACCEPT, this);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw new IOException(
                    "camera " + number + " cannot listen on "
                            + where.getAddress().getHostAddress() + ":" + where.getPort() + ": " + e.getMessage(),
                    e);
        }
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
        Connection connection = new Connection(this, loop, channel);
        connections.add(connection);
    }

    /** Sends what is due; returns when to come back, in {@link System#nanoTime()}. */
    long pump(long now) {
        long next = Long.MAX_VALUE;
        for (int i = connections.size() - 1; i >= 0; i--) {
            Connection connection = connections.get(i);
            next = Math.min(next, connection.pump(now));
        }
        return next;
    }

    void houseKeep(long now) {
        if (faults.has(FaultKind.REBOOT) && now - rebootUntilNano >= 0) {
            clear(FaultKind.REBOOT);
        }
        for (int i = connections.size() - 1; i >= 0; i--) {
            connections.get(i).houseKeep(now);
        }
    }

    void remove(Connection connection) {
        connections.remove(connection);
    }

    void close() throws IOException {
        listener.close();
        closeConnections();
    }

    private void closeConnections() {
        for (Connection connection : List.copyOf(connections)) {
            connection.close();
        }
    }

    /** {@return sessions there are now} */
    long sessions() {
        return connections.stream().filter(Connection::hasSession).count();
    }

    /** A group of this camera's own, by its port, which nobody else on this machine has. */
    InetSocketAddress group(Role role) {
        byte[] group = {
            (byte) 239, (byte) (77 + role.ordinal()), (byte) (address.getPort() >> 8), (byte) address.getPort()
        };
        try {
            return new InetSocketAddress(InetAddress.getByAddress(group), GROUP_PORT);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
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

    Connection connectionWithReports(InetSocketAddress from) {
        for (Connection connection : connections) {
            if (connection.reportsFrom(from)) {
                return connection;
            }
        }
        return null;
    }

    FaultSet faultSet() {
        return faults;
    }

    CameraClock clock() {
        return clock;
    }

    Counters counters() {
        return counters;
    }

    /** Until when no RTP is sent; in the past if there is no stall. */
    long stallUntilNano() {
        return faults.has(FaultKind.STALL) ? stallUntilNano : Long.MIN_VALUE;
    }

    long timestampJumpSeconds() {
        return timestampJumpSeconds;
    }

    /** The packets a stream sends now. */
    PacketTrack currentVideo(Role role) {
        boolean swapped = faults.has(FaultKind.RESOLUTION_CHANGE);
        return (role == Role.MAIN) != swapped ? media.main() : media.sub();
    }

    /** A stream's tracks: video first. */
    List<PacketTrack> tracks(Role role) {
        List<PacketTrack> tracks = new ArrayList<>(List.of(currentVideo(role)));
        if (settings.audio() != AudioCodec.NONE) {
            tracks.add(media.audio(settings.audio()));
        }
        if (settings.metadata()) {
            tracks.add(media.metadata());
        }
        return tracks;
    }

    String baseUri() {
        String host = address.getAddress().getHostAddress();
        boolean bracketed = address.getAddress() instanceof Inet6Address;
        return "rtsp://" + (bracketed ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    String path(Role role) {
        return "/cam/" + number + "/" + role.path;
    }

    /** What a camera has done; written on the farm's thread. */
    static final class Counters {
        long requests;
        long units;
        long packets;
        long bytes;
        long skippedUnits;

        private Status status(int connections, int playing) {
            return new Status(connections, playing, requests, units, packets, bytes, skippedUnits);
        }
    }
}

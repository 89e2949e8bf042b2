// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.LeftSession;
import org.nxvms.media.kit.rtsp.RtspTransport;

/** How the packets of a session's tracks travel. Loop thread only. */
abstract class MediaPath {
    /** The session whose packets they are. */
    interface Owner {
        /** A socket of the path's failed. */
        void broke(Throwable fault);

        /** A datagram was taken. @param picture whether it is of the pictures' track */
        default void taken(boolean picture) {}

        /** {@return whether what comes is for who goes on with the session} Asked before each datagram. */
        default boolean paused() {
            return false;
        }
    }

    private final List<TrackReceiver> receivers = new ArrayList<>();

    /** {@return the Transport header that asks for this path}, after whatever it needs was opened */
    abstract String request(int track) throws IOException;

    /**
     * A track was set up.
     *
     * @return why what the camera agreed to cannot be received; empty when it can
     */
    final Optional<String> open(int track, RtspTransport agreed, TrackReceiver receiver) throws IOException {
        Optional<String> refused = connect(track, agreed, receiver);
        if (refused.isEmpty()) {
            receivers.add(receiver);
        }
        return refused;
    }

    /** The next track to be opened goes on with these ports of an engine before this one. */
    void goOn(Iterator<LeftSession.Port> ports) throws IOException {
        // Only one path has ports of its own to pass on.
    }

    /** What came meanwhile to all of them. */
    void goOn(ByteBuffer datagrams) {
        // As above.
    }

    /** {@return whether no packet waits for those before it} */
    final boolean inOrder() {
        boolean inOrder = true;
        for (int i = 0; i < receivers.size(); i++) {
            inOrder &= receivers.get(i).inOrder();
        }
        return inOrder;
    }

    /** Gives its ports away as they are; {@link #close} then closes none. @param farewell ends the session at the camera */
    LeftSession.Datagrams leave(ByteBuffer farewell) {
        return LeftSession.Datagrams.NONE;
    }

    abstract Optional<String> connect(int track, RtspTransport agreed, TrackReceiver receiver) throws IOException;

    /** An interleaved frame came. */
    void frame(ByteBuffer in, int channel, int offset, int length) {
        // Only one path has frames.
    }

    /** {@return whether frames of this channel hold pictures} */
    boolean isPicture(int channel) {
        return false;
    }

    /** The camera is about to send. */
    void play() {
        // Nothing to open on most paths.
    }

    /**
     * {@return whether packets can be fetched later without harm: a sender over TCP waits when the kernel's buffer is full,
     * and what comes by UDP then is lost}
     */
    boolean patient() {
        return false;
    }

    /** {@return what may be the reason when nothing arrives, for people} */
    String whySilent() {
        return "does a firewall stand between?";
    }

    /** Called at a steady pace. */
    void tick(long nowNs) {
        for (int i = 0; i < receivers.size(); i++) {
            receivers.get(i).tick();
        }
    }

    /** Sends receiver reports (RFC 3550 6.4.2). */
    abstract void report();

    /** {@return receivers of the tracks set up, video first} */
    final List<TrackReceiver> receivers() {
        return receivers;
    }

    /** Closes what it opened, not the RTSP connection. Idempotent. */
    void close() {
        receivers.forEach(TrackReceiver::close);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.kit.rtsp.RtspTransport;

/** How the packets of a session's tracks travel. Loop thread only. */
abstract class MediaPath {
    /** Who is told of faults of its sockets. */
    interface Owner {
        void broke(Throwable fault);
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

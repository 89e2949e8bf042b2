// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.kit;

import java.net.URI;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.StreamEndpoint;

/**
 * What is known of credentials, shared by all streams that use them at one door: a device counts wrong logins of all its streams
 * together, and a recorder with sixty of them would be locked by a second's attempts after its password was changed. Any thread.
 */
public final class SharedLogins {
    /** Why a stream waits that was not refused itself. */
    public static final Failure OTHERS_REFUSED =
            Failure.auth("the camera refuses the user name or password; so that it does"
                    + " not lock the account, its streams are not tried again for some minutes");

    /** Devices lock an account after three to ten bad logins, typically for some minutes. */
    private static final int REFUSALS_MAX = 2;
    /** Below the wait of a stream that was refused twice, so that one of them tries and the others hear of it. */
    private static final long REST_NS = 220_000_000_000L;
    /** While nobody knows whether they are right; a device says so within a few milliseconds. */
    private static final int UNPROVEN_PER_SECOND_MAX = 4;

    /** Where a device listens and what it is told there. */
    private record Door(String host, int port, Optional<Credentials> credentials) {
        static Door of(StreamEndpoint endpoint) {
            URI uri = endpoint.uri();
            String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
            return new Door(host, uri.getPort(), endpoint.credentials());
        }
    }

    /** What all streams of a door know; guarded by itself. */
    private static final class Shared {
        private final ConnectGate gate = new ConnectGate();
        private int members;
        private int playing;
        /** Of streams that were never let in: it may be their path. */
        private int strangers;

        private long strangerNs;
        /** Of streams that had been let in: it is the credentials. */
        private int fallen;

        private long fallenNs;

        long restNs(long nowNs, boolean knownGood) {
            long rest = fallen >= REFUSALS_MAX ? fallenNs + REST_NS - nowNs : 0;
            if (!knownGood && playing == 0 && strangers + fallen >= REFUSALS_MAX) {
                rest = Math.max(rest, (strangers > 0 ? strangerNs : fallenNs) + REST_NS - nowNs);
            }
            return Math.max(0, rest);
        }

        void letIn() {
            strangers = 0;
            fallen = 0;
        }
    }

    private final Map<Door, Shared> doors = new HashMap<>();

    /**
     * One stream's part, from now until it is {@linkplain Login#close closed}: when its last stream is taken out, what is known of
     * a door is forgotten.
     */
    public Login of(StreamEndpoint endpoint) {
        Door door = Door.of(endpoint);
        synchronized (doors) {
            Shared shared = doors.computeIfAbsent(door, fresh -> new Shared());
            shared.members++;
            return new Login(door, shared);
        }
    }

    /** One stream's part. Its methods are called by the one thread that keeps the stream. */
    public final class Login implements AutoCloseable {
        private final Door door;
        private final Shared shared;
        private boolean knownGood;
        private boolean playing;
        private boolean granted;
        private boolean closed;

        private Login(Door door, Shared shared) {
            this.door = door;
            this.shared = shared;
        }

        /**
         * {@return for how many nanoseconds another try would only help to lock the account, as this stream or others were
         * refused; 0 when it may be tried}
         */
        public long restNs(long nowNs) {
            if (door.credentials().isEmpty()) {
                return 0;
            }
            synchronized (shared) {
                return shared.restNs(nowNs, knownGood);
            }
        }

        /**
         * Asks for a try; to be repeated until it may begin. Where nobody was let in yet, tries follow each other so that the
         * first answers are heard.
         *
         * @return whether it may begin now; true until {@link #tried}
         */
        public boolean mayTry(long nowNs) {
            if (!granted) {
                synchronized (shared) {
                    granted = door.credentials().isEmpty()
                            || shared.playing > 0
                            || shared.gate.tryEnter(this, nowNs, UNPROVEN_PER_SECOND_MAX);
                }
            }
            return granted;
        }

        /** The try that was granted begins. */
        public void tried() {
            granted = false;
        }

        /** The device has let the stream in, which plays. */
        public void accepted() {
            knownGood = true;
            synchronized (shared) {
                shared.letIn();
                shared.playing += playing ? 0 : 1;
            }
            playing = true;
        }

        /** The stream plays no more, for whatever reason. */
        public void ended() {
            if (playing) {
                playing = false;
                synchronized (shared) {
                    shared.playing--;
                }
            }
        }

        /**
         * The device does not know these credentials. One that says so amid a session has mostly forgotten something else, so
         * that its next answer counts.
         */
        public void refused(long nowNs) {
            if (playing) {
                return;
            }
            synchronized (shared) {
                if (knownGood) {
                    shared.fallen++;
                    shared.fallenNs = nowNs;
                } else {
                    shared.strangers++;
                    shared.strangerNs = nowNs;
                }
            }
            knownGood = false;
        }

        /** The stream is taken out, or uses others. */
        @Override
        public void close() {
            ended();
            synchronized (doors) {
                if (!closed && --shared.members == 0) {
                    doors.remove(door, shared);
                }
                closed = true;
            }
        }
    }
}

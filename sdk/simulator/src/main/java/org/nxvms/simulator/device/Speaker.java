// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.device;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The loudspeaker of a device: one client at a time; what was played last is kept to be looked at. Thread-safe. */
public final class Speaker {
    private static final int KEPT_BYTES_MAX = 1 << 20;

    private final AtomicReference<Sound> playing = new AtomicReference<>();
    private volatile Sound last = new Sound("");

    /** {@return what a client plays; empty while another does} */
    public Optional<Sound> begin(String contentType) {
        Sound sound = new Sound(contentType);
        if (!playing.compareAndSet(null, sound)) {
            return Optional.empty();
        }
        last = sound;
        return Optional.of(sound);
    }

    /** {@return whether something is being played} */
    public boolean isPlaying() {
        return playing.get() != null;
    }

    /** {@return what is played now, or was last} */
    public Sound last() {
        return last;
    }

    /** One client's sound. */
    public final class Sound implements AutoCloseable {
        private final String contentType;
        private byte[] bytes = new byte[0];

        private Sound(String contentType) {
            this.contentType = contentType;
        }

        public String contentType() {
            return contentType;
        }

        public synchronized void play(byte[] more) {
            int room = Math.min(more.length, KEPT_BYTES_MAX - bytes.length);
            byte[] all = java.util.Arrays.copyOf(bytes, bytes.length + room);
            System.arraycopy(more, 0, all, bytes.length, room);
            bytes = all;
        }

        /** {@return what was played, as it was encoded; at most the first MiB} */
        public synchronized byte[] bytes() {
            return bytes.clone();
        }

        @Override
        public void close() {
            playing.compareAndSet(this, null);
        }
    }
}

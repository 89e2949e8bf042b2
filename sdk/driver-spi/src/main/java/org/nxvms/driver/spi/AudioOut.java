// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A loudspeaker at the device, to talk through (ONVIF Streaming 5.3, the back channel). The platform opens a session of its
 * own for each talk, has at most one talk a device, and hands the sound on as its client encoded it.
 *
 * @since 1.3
 */
@ConsumerType
public interface AudioOut extends Capability {
    /** How sound is encoded; more may follow, a {@code switch} needs a default branch that refuses. */
    enum Codec {
        /** G.711 mu-law: a byte a sample. */
        PCMU,
        /** G.711 A-law: a byte a sample. */
        PCMA,
        /** AAC-LC, one raw frame (ISO/IEC 14496-3) of 1024 samples at a time, without ADTS. */
        AAC,
        /** One Opus packet (RFC 6716) at a time. */
        OPUS
    }

    /**
     * One way in which the device takes sound.
     *
     * @param sampleRateHz 8_000..48_000; of {@link Codec#OPUS} always 48_000
     * @param channels 1 or 2
     */
    record Format(Codec codec, int sampleRateHz, int channels) {
        public Format {
            Objects.requireNonNull(codec, "codec");
            if (sampleRateHz < 8_000 || sampleRateHz > 48_000 || channels < 1 || channels > 2) {
                throw new IllegalArgumentException("a format has 8000..48000 Hz and 1 or 2 channels");
            }
        }
    }

    /** A frame has at most so many bytes: half a second of G.711 at 16 kHz. */
    int FRAME_BYTES_MAX = 8_192;

    /** {@return what the device takes, best first; never empty; the same as long as the session lives, without I/O} */
    List<Format> formats();

    /**
     * Begins to talk.
     *
     * @param format one of {@link #formats}
     * @throws DriverException kind BUSY while somebody else talks through the device
     */
    Talk talk(Format format) throws DriverException;

    /** Somebody talks, in real time, with pauses. Used by one thread. */
    @ConsumerType
    interface Talk extends AutoCloseable {
        /**
         * Plays what comes next. Waits as long as the device takes nothing, up to {@link DeviceTarget#timeoutMs()}: that is how
         * the platform learns to slow down, so a driver buffers no more than half a second.
         *
         * @param frame of the format, at most {@link #FRAME_BYTES_MAX}; the driver does not keep it
         * @throws DriverException kind UNREACHABLE when the device does not take it in time
         * @throws InterruptedException when the platform ends the talk
         */
        void send(ByteBuffer frame) throws DriverException, InterruptedException;

        /** Ends the talk; what was not played yet need not be. Idempotent, does not throw. */
        @Override
        void close();
    }
}

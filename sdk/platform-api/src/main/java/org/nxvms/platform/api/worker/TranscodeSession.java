// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One encoding.
 *
 * @since 0.1
 */
@ProviderType
public interface TranscodeSession extends AutoCloseable {
    /**
     * Gives it a picture. One thread at a time; blocks while the process has enough to do, and until it has begun.
     *
     * @param key whether decoding can start here; the first must be one
     * @param timestamp presentation time in 90 000ths of a second
     * @param data the access unit as in the stream hub; consumed
     * @throws IOException when the process is over; {@link SourceListener#ended} says why
     */
    void picture(boolean key, long timestamp, ByteBuffer data) throws IOException;

    /**
     * Says what is written into the picture that is given next, at its lower left, white on a darkened ground. As {@link #picture}.
     *
     * @param timestamp of that picture
     * @param text lines by {@code \n}, at most {@link CaptionText#CHARS_MAX} characters; too long lines are broken
     */
    void caption(long timestamp, String text) throws IOException;

    /**
     * Gives it a sound; as {@link #picture}.
     *
     * @param timestamp in ticks of the sound's clock, of the same beginning as those of pictures
     */
    void sound(long timestamp, ByteBuffer data) throws IOException;

    /**
     * Says that no picture follows. What is left comes, then {@link SourceListener#ended} of kind {@code CLOSED} with cause
     * {@code UNKNOWN}. By the thread that gives pictures; nothing may be given behind it.
     *
     * @throws IOException when the process is over; {@link SourceListener#ended} says why
     */
    void finish() throws IOException;

    /** Ends it and its process. Any thread, never blocks, idempotent; {@link SourceListener#ended} follows. */
    @Override
    void close();
}

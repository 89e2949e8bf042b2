// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.worker;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The places for encodings that run for long, of which there are as many as the server's budget for encodings allows. Who encodes
 * live streams has them first; others ask here, wait, and give theirs back when it is wanted. Any thread; nothing blocks.
 *
 * @since 0.1
 */
@ProviderType
public interface EncoderPlaces {
    /** {@return a place that may have to be waited for} Those who ask get one in the order of their asking. */
    Place ask();

    /** A place, or one that is waited for. Any thread. */
    @ProviderType
    interface Place extends AutoCloseable {
        /** {@return whether the encoding may begin} Once so, it stays so until it is closed. */
        boolean isGiven();

        /** {@return whether somebody who comes first waits for it} Then it is given back soon, and asked for again. */
        boolean isWanted();

        /** Gives it back; idempotent. */
        @Override
        void close();
    }
}

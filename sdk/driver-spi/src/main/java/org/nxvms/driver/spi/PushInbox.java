// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A path at which a device delivers HTTP requests; see {@link PushEndpoints#http}. Requests wait here, a few of them, until
 * the driver takes them, by one thread: a device whose driver lags behind is told to come again (503).
 *
 * @since 1.3
 */
@ProviderType
public interface PushInbox extends AutoCloseable {
    /** {@return where the device shall deliver}; the path may go on behind it. Holds the secret: not for logs and messages. */
    URI address();

    /**
     * Waits for a request.
     *
     * @param waitMs 0..60_000
     * @return empty when none came in time
     * @throws DriverException kind CLOSED once the endpoint is closed
     */
    Optional<Request> next(int waitMs) throws DriverException, InterruptedException;

    /**
     * For who has no thread to wait with.
     *
     * @return completed when a request waits, which {@link #next} with 0 then takes, or when the endpoint is closed; the same one
     *     until then. What depends on it directly runs on a thread of the platform's, and must neither wait nor compute
     * @since 1.7
     */
    CompletionStage<Void> arrival();

    /** Ends it; what waits is refused. Idempotent. */
    @Override
    void close();

    /** What a device has delivered; it waits for the answer, {@link PushLimits#timeMs} at most. */
    @ProviderType
    interface Request {
        /** {@return GET, POST or PUT} */
        String method();

        /** {@return what follows the endpoint's address, with the query: {@code /motion?on=1}; may be empty} */
        String path();

        /** {@return headers by lower-case name, the first of each, at most 50} */
        Map<String, String> headers();

        /** {@return the body, at most {@link PushLimits#bytesMax}} */
        byte[] body();

        /**
         * Answers it. Requests that are not answered in time are answered by the platform, with 504.
         *
         * @param status 200..599
         * @param body at most 64 KiB
         * @return false when it was too late
         */
        boolean answer(int status, String contentType, byte[] body);

        /** Takes it without further words: 204. */
        default boolean accept() {
            return answer(204, "", new byte[0]);
        }
    }
}

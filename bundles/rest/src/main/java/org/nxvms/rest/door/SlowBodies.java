// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.door;

import java.net.SocketTimeoutException;
import java.util.function.LongSupplier;
import org.eclipse.jetty.server.HttpInput;
import org.eclipse.jetty.server.Request;

/**
 * Frees the thread that a trickling body holds. The kit's {@code PacedBodies} refuses such a body with 408; but before the
 * answer leaves, CXF reads what is left of it, up to 16 MiB, as slowly as it comes. So the web server itself breaks off, a
 * moment after the kit has.
 *
 * <p>Jetty's own {@code minRequestDataRate} cannot be used: it has no grace, so that a rate which stops anybody would also
 * turn away a small body whose second packet is late.
 */
final class SlowBodies {
    /** One second more than the kit gives, so that the answer is the kit's. */
    static final long GRACE_NS = 6_000_000_000L;
    /** Beyond the grace; as the kit's. */
    static final int BODY_BYTES_PER_SECOND_MIN = 4_096;

    private final LongSupplier nanoClock;

    SlowBodies(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    /** Once per request, on its thread. */
    void pace(Request request) {
        // Nothing is read of a request without a body; -1 is a body of unknown length, or none.
        if (request.getContentLengthLong() != 0) {
            request.getHttpInput().addInterceptor(new Pace(request.getHttpInput(), nanoClock));
        }
    }

    /** Counts what comes of one body. One thread at a time. */
    private static final class Pace implements HttpInput.Interceptor {
        private final HttpInput body;
        private final LongSupplier nanoClock;
        private boolean begun;
        private long beganNs;
        private long bytes;

        Pace(HttpInput body, LongSupplier nanoClock) {
            this.body = body;
            this.nanoClock = nanoClock;
        }

        @Override
        public HttpInput.Content readFrom(HttpInput.Content content) {
            long now = nanoClock.getAsLong();
            if (!begun) {
                begun = true;
                beganNs = now;
            }
            bytes += content.remaining();
            long lateNs = now - beganNs - GRACE_NS;
            if (lateNs > 0 && bytes * 1e9 < (double) lateNs * BODY_BYTES_PER_SECOND_MIN) {
                // This is still given out; every further read fails at once.
                body.failed(new SocketTimeoutException(
                        "the body arrives with less than " + BODY_BYTES_PER_SECOND_MIN + " bytes a second"));
            }
            return content;
        }
    }
}

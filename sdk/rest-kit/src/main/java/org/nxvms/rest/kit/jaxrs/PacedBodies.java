// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongSupplier;
import javax.ws.rs.ext.ReaderInterceptor;
import javax.ws.rs.ext.ReaderInterceptorContext;
import org.nxvms.rest.kit.problem.Problem;

/**
 * Reads bodies at the pace of their senders, within reason: one that trickles is refused, because it holds a
 * thread. A connection that breaks meanwhile is told apart from a failure of ours.
 */
final class PacedBodies implements ReaderInterceptor {
    /** A body may take this long however small it is. */
    static final long GRACE_NS = 5_000_000_000L;
    /** Beyond the grace; slower than any link a console works over. One read still waits for the server's idle time. */
    static final int BODY_BYTES_PER_SECOND_MIN = 4_096;

    private final LongSupplier nanoClock;

    PacedBodies(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        if (context.getInputStream() != null) {
            context.setInputStream(new Body(context.getInputStream(), nanoClock));
        }
        return context.proceed();
    }

    /** A request's body. */
    private static final class Body extends FilterInputStream {
        private final LongSupplier nanoClock;
        private final long beganNs;
        private long bytes;

        Body(InputStream in, LongSupplier nanoClock) {
            super(in);
            this.nanoClock = nanoClock;
            this.beganNs = nanoClock.getAsLong();
        }

        @Override
        public int read() throws IOException {
            try {
                int value = in.read();
                arrived(value < 0 ? -1 : 1);
                return value;
            } catch (IOException e) {
                throw new CallerGoneException(e);
            }
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                int read = in.read(target, offset, length);
                arrived(read);
                return read;
            } catch (IOException e) {
                throw new CallerGoneException(e);
            }
        }

        private void arrived(int read) {
            if (read < 0) {
                return;
            }
            bytes += read;
            long lateNs = nanoClock.getAsLong() - beganNs - GRACE_NS;
            if (lateNs > 0 && bytes * 1_000_000_000.0 < (double) lateNs * BODY_BYTES_PER_SECOND_MIN) {
                throw Problem.of(
                                "request-timeout",
                                "Body too slow",
                                408,
                                "The body arrives with less than " + BODY_BYTES_PER_SECOND_MIN
                                        + " bytes a second. Send it again over a better connection.")
                        .exception();
            }
        }
    }
}

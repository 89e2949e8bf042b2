// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A TCP port to which a device connects; see {@link PushEndpoints#tcp}. Used by one thread, each connection by one, too.
 *
 * @since 1.3
 */
@ProviderType
public interface PushPort extends AutoCloseable {
    /** Of one endpoint at a time; more are closed at once. */
    int CONNECTIONS_MAX = 4;

    /** {@return where the device shall connect to} */
    InetSocketAddress address();

    /**
     * Waits for the device to connect.
     *
     * @param waitMs 0..60_000
     * @return empty when it did not in time
     * @throws DriverException kind CLOSED once the endpoint is closed
     */
    Optional<Connection> accept(int waitMs) throws DriverException, InterruptedException;

    /** Ends it and all its connections. Idempotent. */
    @Override
    void close();

    /** One connection. */
    @ProviderType
    interface Connection extends AutoCloseable {
        /**
         * Reads what is there, at the pace of {@link PushLimits#bytesMax}.
         *
         * @param into room for at least one byte
         * @param waitMs 0..60_000
         * @return how many bytes; 0 when nothing came in time; -1 when the device has ended it
         * @throws DriverException kind UNREACHABLE when it is broken or was silent for too long, CLOSED once it is closed
         */
        int read(ByteBuffer into, int waitMs) throws DriverException, InterruptedException;

        /**
         * Writes all that remains.
         *
         * @param waitMs 1..60_000
         * @throws DriverException kind UNREACHABLE when the device does not take it in time
         */
        void write(ByteBuffer from, int waitMs) throws DriverException, InterruptedException;

        /** Idempotent. */
        @Override
        void close();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a TLS connection leaves to other threads. */
class TlsWireTest {
    private final Queue<Runnable> elsewhere = new ArrayDeque<>();
    private final AtomicInteger woken = new AtomicInteger();

    private TlsWire wire(TlsWire.Maker maker) {
        return new TlsWire(
                new Connected(),
                maker,
                (task, then) -> elsewhere.add(() -> {
                    task.run();
                    then.run();
                }),
                woken::incrementAndGet);
    }

    /** The engine brings the certificates this host trusts along: a file of some hundred kilobytes. */
    @Test
    void theTrustStoreIsNotReadOnTheLoop() throws IOException {
        AtomicInteger made = new AtomicInteger();
        TlsWire wire = wire(() -> {
            made.incrementAndGet();
            return TlsPolicy.TRUSTED.engine("camera.test", 322);
        });
        assertThat(wire.advance()).isFalse();
        assertThat(wire.advance()).isFalse();
        assertThat(made).as("engines made on the loop").hasValue(0);
        elsewhere.remove().run();
        assertThat(made).hasValue(1);
        assertThat(woken).as("the loop goes on").hasValue(1);
        assertThat(wire.advance()).as("the handshake begins").isFalse();
        wire.close();
    }

    @Test
    void anEngineThatCannotBeMadeIsSaid() throws IOException {
        TlsWire wire = wire(() -> {
            throw new GeneralSecurityException("no such algorithm");
        });
        wire.advance();
        elsewhere.remove().run();
        assertThatThrownBy(wire::advance).isInstanceOf(IOException.class).hasMessageContaining("no such algorithm");
        wire.close();
    }

    /** A connection that is open and says nothing. */
    private static final class Connected implements Wire {
        @Override
        public boolean advance() {
            return true;
        }

        @Override
        public int read(ByteBuffer into) {
            return 0;
        }

        @Override
        public boolean mayHoldMore(int roomLeft) {
            return false;
        }

        @Override
        public void write(ByteBuffer from) {
            from.position(from.limit());
        }

        @Override
        public boolean pending() {
            return false;
        }

        @Override
        public int roomBytes() {
            return 64 << 10;
        }

        @Override
        public void await(boolean wanted) {
            // Nothing comes.
        }

        @Override
        public InetAddress localAddress() {
            return InetAddress.getLoopbackAddress();
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}

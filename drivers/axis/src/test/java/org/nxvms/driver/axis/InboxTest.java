// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.kit.http.HttpClients;

/** Texts wait for their reader within bounds, and the stream goes on when it reads. */
class InboxTest {
    /** A client with texts at hand: as the JDK's does, it hands the next one over within the call that asks for it. */
    private static final class Flood implements WebSocket {
        private final Inbox inbox;
        private int left;

        Flood(Inbox inbox, int texts) {
            this.inbox = inbox;
            this.left = texts;
        }

        @Override
        public void request(long n) {
            for (long i = 0; i < n && left > 0; i++) {
                left--;
                inbox.onText(this, "text " + left, true);
            }
        }

        @Override
        public CompletableFuture<WebSocket> sendText(CharSequence data, boolean last) {
            return CompletableFuture.completedFuture(this);
        }

        @Override
        public CompletableFuture<WebSocket> sendBinary(ByteBuffer data, boolean last) {
            return CompletableFuture.completedFuture(this);
        }

        @Override
        public CompletableFuture<WebSocket> sendPing(ByteBuffer message) {
            return CompletableFuture.completedFuture(this);
        }

        @Override
        public CompletableFuture<WebSocket> sendPong(ByteBuffer message) {
            return CompletableFuture.completedFuture(this);
        }

        @Override
        public CompletableFuture<WebSocket> sendClose(int statusCode, String reason) {
            return CompletableFuture.completedFuture(this);
        }

        @Override
        public String getSubprotocol() {
            return "";
        }

        @Override
        public boolean isOutputClosed() {
            return false;
        }

        @Override
        public boolean isInputClosed() {
            return false;
        }

        @Override
        public void abort() {
            left = 0;
        }
    }

    @Test
    void aFullInboxLetsEachTextThatIsReadMakeRoomForOne() throws Exception {
        Inbox inbox = new Inbox();
        Flood flood = new Flood(inbox, 5_000);
        flood.request(1);
        assertThat(flood.left).as("what waits is bounded").isEqualTo(4_500);
        for (int i = 4_999; i >= 0; i--) {
            assertThat(inbox.poll(0)).isEqualTo("text " + i);
        }
        assertThat(inbox.poll(0)).isNull();
    }

    /** A camera that never stops to say what means nothing must not keep the thread that asks for events. */
    @Test
    void aFloodOfNothingKeepsToTheTimeOfTheCall() throws Exception {
        Inbox inbox = new Inbox();
        Flood flood = new Flood(inbox, Integer.MAX_VALUE);
        flood.request(1);
        try (HttpClients clients = new HttpClients("test-http")) {
            AxisHttp http = new AxisHttp(
                    new DeviceHttp(clients.get(true), URI.create("http://127.0.0.1"), Optional.empty(), 1_000));
            AxisFeed feed = new AxisFeed(
                    inbox, flood, http, Optional.of(Set.of()), new AxisFeed.Patience(50, 60_000, 60_000, 60_000));
            assertTimeoutPreemptively(
                    Duration.ofSeconds(30), () -> assertThat(feed.next(1_000)).isEmpty());
        }
    }
}

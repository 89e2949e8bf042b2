// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/**
 * Live HLS goes and comes while a player reloads its playlist as fast as it can: whatever the web server is between, the player is
 * told to come again, and never that there is no such stream, which players take for its end.
 */
final class HlsExchange {
    private static final String BUNDLE = "org.nxvms.live.hls";

    private final Api api;
    private final String playlist;
    private final Set<Integer> statuses = new ConcurrentSkipListSet<>();
    private final AtomicReference<Api.Answer> refusal = new AtomicReference<>();
    /** Playlists since it was set to 0. */
    private final AtomicInteger played = new AtomicInteger();

    private volatile boolean over;
    private volatile Throwable failure;

    private HlsExchange(Api api, String camera) {
        this.api = api;
        playlist = "/media/v1/live/" + camera + "/index.m3u8?stream=main";
    }

    static void under(PackedServer server, Api api, String camera) throws InterruptedException {
        HlsExchange exchange = new HlsExchange(api, camera);
        Waiting.until("it is played", 30, () -> api.get(exchange.playlist).status() == 200);
        Thread player = new Thread(exchange::play, "player");
        player.start();
        try {
            exchange.until("the player plays", () -> exchange.played.get() > 0);
            shell(server, "bundle:stop " + BUNDLE);
            exchange.until("the player is told to wait", () -> exchange.refusal.get() != null);
            shell(server, "bundle:start " + BUNDLE);
            exchange.played.set(0);
            exchange.until("the player goes on", () -> exchange.played.get() > 1);
        } finally {
            exchange.over = true;
            player.join();
        }
        assertThat(exchange.statuses).containsExactly(200, 503);
        Api.Answer refusal = exchange.refusal.get();
        assertThat(refusal.type()).isEqualTo("application/problem+json");
        assertThat(refusal.response().headers().firstValue("Retry-After")).isPresent();
    }

    private void play() {
        try {
            while (!over) {
                Api.Answer answer = api.get(playlist);
                statuses.add(answer.status());
                if (answer.status() == 200) {
                    played.incrementAndGet();
                } else {
                    refusal.compareAndSet(null, answer);
                }
            }
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    private void until(String what, Callable<Boolean> condition) {
        Waiting.until(what, 30, () -> {
            assertThat(failure).isNull();
            return condition.call();
        });
    }

    private static void shell(PackedServer server, String command) {
        Commands.Result done = server.shell(command);
        assertThat(done.status()).as(done.output() + done.errors()).isZero();
    }
}

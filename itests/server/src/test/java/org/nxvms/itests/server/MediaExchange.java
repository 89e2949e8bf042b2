// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
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
 * What serves media goes and comes while a player asks as fast as it can: whatever the web server is between, the player is told to
 * come again, and never that there is nothing, which players take for the end of a stream or for footage that is gone.
 */
final class MediaExchange {
    private final Api api;
    private final String path;
    private final Set<Integer> statuses = new ConcurrentSkipListSet<>();
    private final AtomicReference<Api.Answer> refusal = new AtomicReference<>();
    /** Answers since it was set to 0. */
    private final AtomicInteger played = new AtomicInteger();

    private volatile boolean over;
    private volatile Throwable failure;

    private MediaExchange(Api api, String path) {
        this.api = api;
        this.path = path;
    }

    static void ofLiveStreams(PackedServer server, Api api, String camera) throws InterruptedException {
        under(server, api, "org.nxvms.live.hls", "/media/v1/live/" + camera + "/index.m3u8?stream=main");
    }

    static void ofTheArchive(PackedServer server, Api api, String camera) throws InterruptedException {
        String init = api.segments(camera, Instant.EPOCH, Instant.now())
                .get(0)
                .get("initId")
                .asText();
        under(server, api, "org.nxvms.playback", "/media/v1/init/" + init);
    }

    private static void under(PackedServer server, Api api, String bundle, String path) throws InterruptedException {
        MediaExchange exchange = new MediaExchange(api, path);
        Waiting.until("it is played", 30, () -> api.get(path).status() == 200);
        Thread player = new Thread(exchange::play, "player");
        player.start();
        try {
            exchange.until("the player plays", () -> exchange.played.get() > 0);
            shell(server, "bundle:stop " + bundle);
            exchange.until("the player is told to wait", () -> exchange.refusal.get() != null);
            shell(server, "bundle:start " + bundle);
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
                Api.Answer answer = api.get(path);
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

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.simulator.CameraFarm;

/**
 * Kills by the hundred, on demand: {@code itests/scripts/kill-check.sh KILLS SERVERS}. Several servers side by side, of
 * which each is killed, started and looked at by itself; each fifth kill has another one behind it, amid the start.
 * {@link CrashIT} kills in each build.
 */
final class ManyKills {
    private static final int KILLS = Integer.getInteger("nxvms.kills", 1000);
    private static final int SERVERS = Integer.getInteger("nxvms.servers", 1);
    private static final int CAMERAS = 4;
    private static final long SEED = Long.getLong("nxvms.seed", System.nanoTime());
    private static final int AMID_THE_START = 5;
    private static final int START_MS = 15_000;

    private final Instant begun = Instant.now();
    private final AtomicInteger kills = new AtomicInteger();
    private final AtomicInteger played = new AtomicInteger();

    @Test
    void eachKillCostsAtMostASecondAndEveryChunkPlays() throws Exception {
        System.out.println(KILLS + " kills, " + SERVERS + " servers side by side, seed " + SEED);
        ExecutorService threads = Executors.newFixedThreadPool(SERVERS);
        try (CameraFarm farm = Farms.start(SERVERS * CAMERAS)) {
            List<Future<Duration>> all = new ArrayList<>();
            for (int number = 0; number < SERVERS; number++) {
                int server = number;
                all.add(threads.submit(() -> killAgainAndAgain(server, farm)));
            }
            Duration most = Duration.ZERO;
            for (Future<Duration> one : all) {
                Duration lost = result(one);
                most = lost.compareTo(most) > 0 ? lost : most;
            }
            System.out.println(kills + " kills, at most " + most.toMillis() + " ms of a camera lost by one, " + played
                    + " times a chunk was played to its end, " + seconds() + " s");
            assertThat(kills.get()).isGreaterThanOrEqualTo(KILLS);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Duration result(Future<Duration> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        }
    }

    /** {@return the most that one kill has cost one camera} */
    private Duration killAgainAndAgain(int number, CameraFarm farm) {
        Random random = new Random(SEED + number);
        try (PackedServer server = PackedServer.unpacked("kills-" + number)
                .configured(
                        "org.nxvms.storage.file-main",
                        "nxvms.volume.name = main",
                        "path = ${env:NXVMS_DATA}/archive",
                        "create = true",
                        "quotaBytes = 2000000000")) {
            Api api = server.start();
            List<String> cameras = new ArrayList<>();
            for (int camera = 1; camera <= CAMERAS; camera++) {
                cameras.add(api.addCamera("Camera " + camera, Farms.main(farm, number * CAMERAS + camera)));
            }
            Kills victim = new Kills(server, cameras, random, this::say);
            while (kills.get() < KILLS) {
                int kill = kills.incrementAndGet();
                int before = victim.played();
                String which = "kill " + kill + " of " + KILLS + ", server " + number;
                if (kill % AMID_THE_START == 0) {
                    kills.incrementAndGet();
                    victim.killOnceAndCheck(which + " and amid the start", () -> endAmidTheStart(server, random));
                } else {
                    victim.killOnceAndCheck(which);
                }
                played.addAndGet(victim.played() - before);
            }
            Commands.Result check = server.shell("nxvms:archive-check --hashes");
            assertThat(check.status()).as(check.output() + check.errors()).isZero();
            return victim.lostMost();
        }
    }

    /** At whatever moment: while the framework starts, the database opens, chunks are repaired or cameras are fetched. */
    private static void endAmidTheStart(PackedServer server, Random random) {
        server.launch();
        server.killAfter(Duration.ofMillis(random.nextInt(START_MS)));
    }

    private long seconds() {
        return Duration.between(begun, Instant.now()).toSeconds();
    }

    private void say(String text) {
        System.out.println(seconds() + " s: " + text);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/** One server that is killed again and again while it records, at random moments. */
final class Kills {
    private static final Duration LOST_MAX = Duration.ofMillis(1000);
    /** So much is recorded at least before the next kill, so that there is something to lose. */
    private static final int RECORDED_MS_MIN = 2_500;

    private final PackedServer server;
    private final List<String> cameras;
    private final Random random;
    private final Consumer<String> progress;
    private Duration lostMost = Duration.ZERO;
    private int played;

    /** @param cameras all that the server records */
    Kills(PackedServer server, List<String> cameras, Random random, Consumer<String> progress) {
        this.server = server;
        this.cameras = cameras;
        this.random = random;
        this.progress = progress;
    }

    /** {@return the most that one kill has cost one camera} */
    Duration lostMost() {
        return lostMost;
    }

    /** {@return how many times a chunk was played to its end} */
    int played() {
        return played;
    }

    void killOnceAndCheck(String which) {
        killOnceAndCheck(which, () -> {});
    }

    /** @param meanwhile what else happens while the server is not there */
    void killOnceAndCheck(String which, Runnable meanwhile) {
        Api api = new Api(server.httpPort());
        Instant resumed = Instant.now();
        awaitFootage(api, resumed.plusMillis(RECORDED_MS_MIN + random.nextInt(1_000)));
        Instant signalled = Instant.now();
        server.kill();
        Instant killed = Instant.now();
        meanwhile.run();

        Instant started = Instant.now();
        Api again = server.start();
        awaitFootage(again, Instant.now().plusSeconds(1));
        Duration back = Duration.between(started, Instant.now());

        Duration lost = Duration.ZERO;
        for (String camera : cameras) {
            Duration one = lost(again, camera, signalled, killed, which);
            lost = one.compareTo(lost) > 0 ? one : lost;
        }
        lostMost = lost.compareTo(lostMost) > 0 ? lost : lostMost;
        play(resumed);
        progress.accept(which + ": " + lost.toMillis() + " ms lost (at most " + lostMost.toMillis()
                + "), recorded again " + back.toSeconds() + " s after the start, " + played + " chunks played so far");
        assertThat(lost).as("lost by %s", which).isLessThanOrEqualTo(LOST_MAX);
        cameras.forEach(camera -> assertIndexEqualsFiles(again, camera, killed));
    }

    private void awaitFootage(Api api, Instant until) {
        Waiting.until("all are recorded until " + until, 60, () -> cameras.stream()
                .allMatch(camera -> api.lastFootage(camera).isAfter(until)));
    }

    private static Duration lost(Api api, String camera, Instant signalled, Instant killed, String which) {
        Waiting.until("a gap is told by " + which, 30, () -> !gaps(api, camera, killed)
                .isEmpty());
        List<JsonNode> gaps = gaps(api, camera, killed);
        assertThat(gaps).as("gaps by %s", which).hasSize(1);
        assertThat(gaps.get(0).get("cause").asText()).isEqualTo("server_down");
        // The signal stops recording at once; until the process is gone the system still frees its memory.
        return Duration.between(Instant.ofEpochMilli(gaps.get(0).get("start").asLong()), signalled);
    }

    private static List<JsonNode> gaps(Api api, String camera, Instant killed) {
        return api.gaps(camera, killed.minusSeconds(3), killed.plusSeconds(1));
    }

    /** What was written since a time, open chunks and repaired ones. */
    private void play(Instant since) {
        for (Path file : server.footage()) {
            if (file.toFile().lastModified() >= since.toEpochMilli()) {
                play(file);
                played++;
            }
        }
    }

    static void play(Path file) {
        Commands.Result played = Commands.attempt(
                file.getParent(), "ffprobe", "-v", "error", "-count_packets", "-show_streams", file.toString());
        assertThat(played.errors()).as("ffprobe " + file).isEmpty();
        assertThat(played.status()).as("ffprobe " + file).isZero();
    }

    private static void assertIndexEqualsFiles(Api api, String camera, Instant killed) {
        List<JsonNode> segments = api.segments(camera, killed.minusSeconds(30), killed);
        assertThat(segments).isNotEmpty();
        for (JsonNode segment : segments) {
            Api.Answer bytes = api.get("/media/v1/segments/" + segment.get("id").asText());
            assertThat(bytes.status()).isEqualTo(200);
            assertThat(bytes.bytes().length).isEqualTo(segment.get("bytes").asInt());
        }
    }
}

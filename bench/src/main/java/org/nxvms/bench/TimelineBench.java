// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.PackedServer;

/**
 * How long a large archive's timeline takes, asked as the console asks, and whether the server starts slower for it. The
 * embedded database holds the rows of so much footage; the footage itself is not there, for neither question reads it.
 */
final class TimelineBench {
    static final Set<String> OPTIONS = Set.of("cameras", "days", "requests", "starts");
    /** Of a wide window. */
    private static final int BUCKETS = 2_000;

    /** The server takes no more in one. */
    private static final int CAMERAS_OF_ONE_CALL = 128;

    private static final long SEED = 7;

    private final int cameras;
    private final int days;
    private final int requests;
    private final int starts;

    TimelineBench(Options options) {
        cameras = options.number("cameras", 50, 1, 400);
        days = options.number("days", 90, 1, 400);
        requests = options.number("requests", 200, 20, 10_000);
        starts = options.number("starts", 3, 1, 20);
    }

    Map<String, Object> run() throws Exception {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("bench", "timeline");
        figures.put("cameras", cameras);
        figures.put("days", days);
        try (PackedServer server = PackedServer.unpacked("timeline")) {
            server.start();
            List<Double> empty = starts(server, "empty");
            server.stop();

            Bench.say("filling the database with " + days + " days of " + cameras + " cameras");
            FilledArchive filled = FilledArchive.of(server.data(), cameras, days);
            figures.put("chunks", filled.chunks());
            figures.put("gaps", filled.gaps());
            figures.put("fillSeconds", filled.seconds());
            figures.put("databaseMiB", filled.databaseBytes() >> 20);

            List<Double> full = starts(server, "full");
            figures.put("emptyStartSecondsMedian", Contender.median(empty));
            figures.put("fullStartSecondsMedian", Contender.median(full));
            ask(new Api(server.httpPort()), filled, figures);
        }
        return figures;
    }

    /** Restarts; the last start is left running. */
    private List<Double> starts(PackedServer server, String what) {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < starts; i++) {
            server.stop();
            long begin = System.nanoTime();
            server.start();
            seconds.add(Math.round((System.nanoTime() - begin) / 1e8) / 10.0);
        }
        Bench.say("starts with the archive " + what + ": " + seconds + " s");
        return seconds;
    }

    private void ask(Api api, FilledArchive filled, Map<String, Object> figures) {
        Instant end = filled.to();
        double[] whole = new double[requests];
        for (int i = 0; i < requests; i++) {
            whole[i] = milliseconds(api, filled, filled.from(), end);
        }
        figures.put("firstMs", whole[0]);
        Percentiles.put(figures, "whole", whole);

        Random random = new Random(SEED);
        double[] day = new double[requests];
        for (int i = 0; i < requests; i++) {
            Instant from = end.minus(Duration.ofMinutes(random.nextInt(days * 24 * 60 - 23 * 60) + 23 * 60L));
            day[i] = milliseconds(api, filled, from, from.plus(Duration.ofHours(23)));
        }
        Percentiles.put(figures, "day", day);
    }

    /** {@return how long all cameras take, in as few calls as there can be, one after the other} */
    private static double milliseconds(Api api, FilledArchive filled, Instant from, Instant to) {
        List<UUID> all = filled.cameras();
        double ms = 0;
        for (int i = 0; i < all.size(); i += CAMERAS_OF_ONE_CALL) {
            ms += milliseconds(api, filled, all.subList(i, Math.min(all.size(), i + CAMERAS_OF_ONE_CALL)), from, to);
        }
        return Math.round(ms * 10) / 10.0;
    }

    /** An answer that lacks something is no figure. */
    private static double milliseconds(Api api, FilledArchive filled, List<UUID> cameras, Instant from, Instant to) {
        String ids = cameras.stream().map(UUID::toString).collect(Collectors.joining(","));
        String question = "/api/v1/timeline?cameras=" + ids + "&buckets=" + BUCKETS + "&from="
                + Api.escaped(from.toString()) + "&to=" + Api.escaped(to.toString());
        api.token();
        long begin = System.nanoTime();
        Api.Answer answer = api.get(question);
        double ms = Math.round((System.nanoTime() - begin) / 1e5) / 10.0;
        for (JsonNode lane : answer.expect(200).json().get("cameras")) {
            if (lane.get("spans").isEmpty()
                    || lane.get("first").asLong() != filled.from().toEpochMilli()
                    || lane.get("last").asLong() != filled.to().toEpochMilli()) {
                throw new IllegalStateException("a lane is not what was filled in: " + lane);
            }
        }
        return ms;
    }
}

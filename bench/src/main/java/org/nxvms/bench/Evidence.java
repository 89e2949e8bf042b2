// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nxvms.itests.harness.Api;

/**
 * What tells why frames are missing: the server's own words for gaps, its counters, its JVM's stops, and how long the
 * threads that frames pass through did not run.
 */
final class Evidence implements AutoCloseable {
    private static final int GAPS_MAX = 40;

    private final Api api;
    private final List<String> cameras;
    private final Instant from = Instant.now();
    private final Map<String, Double> counters;
    private final ThreadStalls stalls;
    private final Path safepoints;

    Evidence(Api api, long pid, List<String> cameras, Path work) throws Exception {
        this.api = api;
        this.cameras = List.copyOf(cameras);
        this.safepoints = work.resolve("safepoints.log");
        Files.deleteIfExists(safepoints);
        new JvmProbe(pid).logSafepoints(safepoints);
        this.counters = counters();
        this.stalls = new ThreadStalls(pid);
    }

    /** The counters of all streams, summed: those that say where something was lost. */
    private Map<String, Double> counters() {
        Map<String, Double> sums = new TreeMap<>();
        String text = new String(api.get("/metrics").expect(200).bytes(), StandardCharsets.UTF_8);
        for (String line : text.lines().toList()) {
            for (String name : List.of(
                    "nxvms_reader_lapped",
                    "nxvms_reader_skipped",
                    "nxvms_stream_refused",
                    "nxvms_ingest_packets_lost",
                    "nxvms_stream_pictures")) {
                if (line.startsWith(name)) {
                    sums.merge(name, Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)), Double::sum);
                }
            }
        }
        return sums;
    }

    /** Adds what was found since the beginning; the server still runs. */
    void addTo(Map<String, Object> figures) throws Exception {
        stalls.close();
        List<Map<String, Object>> gaps = new ArrayList<>();
        Map<String, Long> byCause = new TreeMap<>();
        for (String camera : cameras) {
            for (JsonNode gap : api.gaps(camera, from, Instant.now())) {
                byCause.merge(gap.get("cause").asText(), 1L, Long::sum);
                if (gaps.size() < GAPS_MAX) {
                    gaps.add(described(camera, gap));
                }
            }
        }
        figures.put("gaps", byCause.values().stream().mapToLong(Long::longValue).sum());
        figures.put("gapsByCause", byCause);
        figures.put("gapList", gaps);
        Map<String, Double> now = counters();
        now.forEach(
                (name, value) -> figures.put(camelCase(name), Math.round(value - counters.getOrDefault(name, 0.0))));
        figures.put("ingestStall", described(stalls.ingest()));
        figures.put("recorderStall", described(stalls.recorder()));
        JvmProbe.Stop stop = JvmProbe.longestStop(safepoints);
        figures.put("jvmStopMsMax", Math.round(stop.milliseconds()));
        figures.put("jvmStop", stop.why());
    }

    private static Map<String, Object> described(String camera, JsonNode gap) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("camera", camera);
        one.put("at", Instant.ofEpochMilli(gap.get("start").asLong()).toString());
        one.put(
                "ms",
                gap.has("end") ? gap.get("end").asLong() - gap.get("start").asLong() : -1);
        one.put("cause", gap.get("cause").asText());
        one.put("detail", gap.get("detail").asText());
        return one;
    }

    private static Map<String, Object> described(ThreadStalls.Stall stall) {
        return Map.of(
                "ms", stall.milliseconds(),
                "at", stall.at().toString(),
                "withoutProcessorMs", stall.waitedMs(),
                "state", stall.state());
    }

    /** {@code nxvms_reader_lapped} as {@code readerLapped} */
    private static String camelCase(String metric) {
        StringBuilder name = new StringBuilder();
        for (String word : metric.substring("nxvms_".length()).split("_")) {
            name.append(name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name.toString();
    }

    @Override
    public void close() {
        stalls.close();
    }
}

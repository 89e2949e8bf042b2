// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The figures of one scrape. One thread. */
final class Metrics {
    private final Map<String, Gauge> gauges = new LinkedHashMap<>();
    private final Map<String, Counter> counters = new LinkedHashMap<>();

    private record Gauge(String help, Map<Labels, Double> points) {}

    private record Counter(String help, Map<Labels, Double> points) {}

    /** @param labels names and values in turn */
    void gauge(String name, String help, double value, String... labels) {
        gauges.computeIfAbsent(name, n -> new Gauge(help, new LinkedHashMap<>()))
                .points()
                .put(Labels.of(labels), value);
    }

    /**
     * Adds to a counter; points of equal labels add up.
     *
     * @param name without {@code _total}, which the format appends
     */
    void counter(String name, String help, double value, String... labels) {
        counters.computeIfAbsent(name, n -> new Counter(help, new LinkedHashMap<>()))
                .points()
                .merge(Labels.of(labels), value, Double::sum);
    }

    MetricSnapshots snapshots() {
        List<MetricSnapshot> all = new ArrayList<>();
        gauges.forEach((name, gauge) -> {
            List<GaugeDataPointSnapshot> points = new ArrayList<>();
            gauge.points().forEach((labels, value) -> points.add(new GaugeDataPointSnapshot(value, labels, null)));
            all.add(new GaugeSnapshot(new MetricMetadata(name, gauge.help()), points));
        });
        counters.forEach((name, counter) -> {
            List<CounterDataPointSnapshot> points = new ArrayList<>();
            counter.points()
                    .forEach((labels, value) -> points.add(new CounterDataPointSnapshot(value, labels, null, 0)));
            all.add(new CounterSnapshot(new MetricMetadata(name, counter.help()), points));
        });
        return new MetricSnapshots(all);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.util.ArrayList;
import java.util.List;

/** One of those that are compared: its processes, how many cameras it records, what it used in each round. */
final class Contender {
    private final List<Long> pids;
    private final int cameras;
    private final List<Double> costs = new ArrayList<>();
    private double cpuBefore;
    private long nsBefore;

    Contender(List<Long> pids, int cameras) {
        this.pids = List.copyOf(pids);
        this.cameras = cameras;
    }

    void beginRound() {
        nsBefore = System.nanoTime();
        cpuBefore = Load.cpuSeconds(pids);
    }

    void endRound() {
        double cpu = Load.cpuSeconds(pids) - cpuBefore;
        double minutes = (System.nanoTime() - nsBefore) / 60e9;
        costs.add(cpu / (cameras * minutes));
    }

    List<Long> pids() {
        return pids;
    }

    int cameras() {
        return cameras;
    }

    /** {@return CPU seconds per camera-minute, in each round} */
    List<Double> costs() {
        return costs;
    }

    double cost() {
        return median(costs);
    }

    /** {@return median over the rounds of what this one used for each unit of the other} */
    double costRelativeTo(Contender other) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < costs.size(); i++) {
            ratios.add(costs.get(i) / other.costs.get(i));
        }
        return median(ratios);
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nxvms.platform.api.archive.ArchiveMaintenance.Report;

/** What a comparison of volumes and index found, and how much of it was put right. One thread. */
final class Findings {
    private final Map<String, Long> problems = new TreeMap<>();
    private final List<String> examples = new ArrayList<>();
    private long repaired;

    /** @param putRight whether it is one no longer */
    void add(String kind, String example, boolean putRight) {
        problems.merge(kind, 1L, Long::sum);
        if (examples.size() < Report.EXAMPLES_MAX) {
            examples.add(kind + ": " + example);
        }
        repaired += putRight ? 1 : 0;
    }

    /** As {@link #add(String, String, boolean)}, of what is only counted. */
    void add(String kind, long count, boolean putRight) {
        problems.merge(kind, count, Long::sum);
        repaired += putRight ? count : 0;
    }

    long count() {
        return problems.values().stream().mapToLong(Long::longValue).sum();
    }

    Map<String, Long> problems() {
        return problems;
    }

    List<String> examples() {
        return examples;
    }

    long repaired() {
        return repaired;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What processes used, from /proc: CPU in seconds (user and system), resident memory in MiB. */
final class Load {
    private static final double TICKS_PER_SECOND = 100;

    private Load() {}

    static double cpuSeconds(List<Long> pids) {
        return pids.stream()
                .mapToDouble(pid -> cpuSeconds(Path.of("/proc", String.valueOf(pid), "stat")))
                .sum();
    }

    private static double cpuSeconds(Path stat) {
        String text = read(stat);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** {@return CPU of a server's threads by what they do; those that ended meanwhile are in the process's sum only} */
    static Map<String, Double> cpuSecondsByGroup(long pid) {
        Map<String, Double> groups = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc", String.valueOf(pid), "task"))) {
            tasks.forEach(task -> {
                try {
                    groups.merge(
                            group(read(task.resolve("comm")).trim()), cpuSeconds(task.resolve("stat")), Double::sum);
                } catch (UncheckedIOException ended) {
                    // Between listing and reading.
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("the measured server has ended", e);
        }
        return groups;
    }

    /** The kernel keeps 15 characters of a thread's name. */
    private static String group(String thread) {
        if (thread.startsWith("nxvms-io")) {
            return "ingest";
        }
        if (thread.startsWith("nxvms-vol")) {
            return "recorder";
        }
        if (thread.startsWith("nxvms-")) {
            return "nxvmsOther";
        }
        if (thread.startsWith("GC Thread") || thread.startsWith("G1 ") || thread.startsWith("VM Thread")) {
            return "gc";
        }
        return thread.startsWith("C1 Comp") || thread.startsWith("C2 Comp") ? "jit" : "other";
    }

    static long residentMiB(List<Long> pids) {
        return pids.stream().mapToLong(pid -> status(pid, "VmRSS:")).sum() >> 10;
    }

    static long peakResidentMiB(long pid) {
        return status(pid, "VmHWM:") >> 10;
    }

    private static long status(long pid, String field) {
        return read(Path.of("/proc", String.valueOf(pid), "status"))
                .lines()
                .filter(l -> l.startsWith(field))
                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                .sum();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("a measured process has ended: " + file, e);
        }
    }
}

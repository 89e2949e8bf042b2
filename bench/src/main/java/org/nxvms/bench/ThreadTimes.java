// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * CPU that the threads of a process have used so far, to the nanosecond ({@code schedstat}); the ticks of {@code stat} are too coarse
 * for what one viewer costs. A thread that began and ended between two looks is not seen.
 *
 * @param byThread nanoseconds by the kernel's number
 * @param names how the kernel calls them, the first fifteen letters
 */
record ThreadTimes(Map<String, Long> byThread, Map<String, String> names) {
    /** They work when code is new, and are not what watching costs. */
    private static final String COMPILERS = "C[12] Compiler.*";

    static ThreadTimes of(long pid) {
        Map<String, Long> times = new HashMap<>();
        Map<String, String> names = new HashMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc", String.valueOf(pid), "task"))) {
            for (Path task : tasks.toList()) {
                try {
                    String name = Files.readString(task.resolve("comm")).strip();
                    long ns = Long.parseLong(
                            Files.readString(task.resolve("schedstat")).split(" ")[0]);
                    times.put(task.getFileName().toString(), ns);
                    names.put(task.getFileName().toString(), name);
                } catch (IOException ended) {
                    // Between the list and the look.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a measured process has ended", e);
        }
        return new ThreadTimes(times, names);
    }

    /** {@return seconds since an earlier look by what threads are called, numbers left out} */
    Map<String, Double> since(ThreadTimes earlier) {
        Map<String, Double> seconds = new TreeMap<>();
        byThread.forEach((thread, ns) -> {
            String name = names.get(thread).replaceAll("[-#]?\\d+$", "");
            seconds.merge(name, (ns - earlier.byThread().getOrDefault(thread, 0L)) / 1e9, Double::sum);
        });
        return seconds;
    }

    /** {@return the sum of what threads used, without the just-in-time compilers} */
    static double withoutCompilers(Map<String, Double> seconds) {
        return seconds.entrySet().stream()
                .filter(entry -> !entry.getKey().matches(COMPILERS))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** {@return those that used the most, for people} */
    static List<String> most(Map<String, Double> seconds, int count) {
        return seconds.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(count)
                .map(entry -> "%s %.1f".formatted(entry.getKey(), entry.getValue() * 1_000))
                .toList();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What processes used, from /proc: CPU in seconds (user and system), resident memory in MiB. */
final class Load {
    private static final double TICKS_PER_SECOND = 100;

    private Load() {}

    static double cpuSeconds(List<Long> pids) {
        return pids.stream().mapToDouble(Load::cpuSeconds).sum();
    }

    private static double cpuSeconds(long pid) {
        String stat = read(Path.of("/proc", String.valueOf(pid), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    static long residentMiB(List<Long> pids) {
        return pids.stream()
                        .mapToLong(pid -> read(Path.of("/proc", String.valueOf(pid), "status"))
                                .lines()
                                .filter(l -> l.startsWith("VmRSS:"))
                                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
                                .sum())
                        .sum()
                >> 10;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("a measured process has ended: " + file, e);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    static long residentMiB(List<Long> pids) {
        return pids.stream().mapToLong(pid -> status(pid, "VmRSS:")).sum() >> 10;
    }

    static long peakResidentMiB(long pid) {
        return status(pid, "VmHWM:") >> 10;
    }

    /** {@return bytes handed to write calls so far} */
    static long writtenBytes(long pid) {
        return field(pid, "io", "wchar:");
    }

    static long threads(long pid) {
        return status(pid, "Threads:");
    }

    /** {@return open files and sockets} */
    static long openFiles(long pid) {
        try (Stream<Path> files = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException("a measured process has ended", e);
        }
    }

    /** {@return open sockets alone} */
    static long sockets(long pid) {
        try (Stream<Path> files = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
            return files.filter(Load::isSocket).count();
        } catch (IOException e) {
            throw new UncheckedIOException("a measured process has ended", e);
        }
    }

    private static boolean isSocket(Path file) {
        try {
            return Files.readSymbolicLink(file).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    /** {@return memory of the machine that holds nothing} */
    static long freeMemoryMiB() {
        return field(Path.of("/proc/meminfo"), "MemFree:") >> 10;
    }

    private static long status(long pid, String field) {
        return field(pid, "status", field);
    }

    private static long field(long pid, String file, String field) {
        return field(Path.of("/proc", String.valueOf(pid), file), field);
    }

    private static long field(Path file, String field) {
        return read(file)
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

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a server's JVM from outside, by the JDK's own tools: collections so far, what its threads used and allocated. */
final class JvmProbe {
    private static final String INGEST = "ingest";
    private static final String RECORDER = "recorder";
    private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");
    /** A thread as {@code jcmd Thread.print} shows it. */
    private static final Pattern THREAD = Pattern.compile("^\"([^\"]+)\".* cpu=([\\d.]+)ms ", Pattern.MULTILINE);

    private static final Pattern WRITER = Pattern.compile("nxvms-vol-(\\d+|.*-write)");

    private static final Pattern NATIVE =
            Pattern.compile("^\"([^\"]+)\".* nid=(0x\\p{XDigit}+|\\d+) ", Pattern.MULTILINE);

    /** A class and its loader in the hierarchy of classes; the JVM's own have none. */
    private static final Pattern LOADED =
            Pattern.compile("^[|\\- ]*([^|\\- ]\\S*)/(0x\\p{XDigit}+)", Pattern.MULTILINE);

    private static final Pattern SAFEPOINT = Pattern.compile("Safepoint \"([^\"]+)\".*Total: +(\\d+) ns");

    private final String pid;

    JvmProbe(long pid) {
        this.pid = String.valueOf(pid);
    }

    /** {@return collections of any kind since the JVM started} */
    long collections() throws IOException, InterruptedException {
        String[] lines = run("jstat", "-gc", pid).strip().split("\n");
        String[] names = lines[0].strip().split("\\s+");
        String[] values = lines[1].strip().split("\\s+");
        long sum = 0;
        for (int i = 0; i < names.length; i++) {
            // Young, full, and the pauses of a concurrent cycle; "-" where the collector has none.
            if (List.of("YGC", "FGC", "CGC").contains(names[i]) && !values[i].equals("-")) {
                sum += Long.parseLong(values[i]);
            }
        }
        return sum;
    }

    /** {@return CPU time so far by what the threads do} */
    Map<String, Double> cpuSeconds() throws IOException, InterruptedException {
        Matcher threads = THREAD.matcher(run("jcmd", pid, "Thread.print"));
        Map<String, Double> cpu = new TreeMap<>();
        while (threads.find()) {
            cpu.merge(group(threads.group(1)), Double.parseDouble(threads.group(2)) / 1000, Double::sum);
        }
        requireHotPath(cpu.keySet());
        return cpu;
    }

    /** {@return bytes allocated so far by the threads that access units pass through, by what these do} */
    Map<String, Long> hotPathBytes() throws IOException {
        Map<String, Long> bytes = new TreeMap<>();
        Allocation.of(Long.parseLong(pid)).forEach((thread, count) -> {
            String group = group(thread);
            if (group.equals(INGEST) || group.equals(RECORDER)) {
                bytes.merge(group, count, Long::sum);
            }
        });
        requireHotPath(bytes.keySet());
        return bytes;
    }

    private static void requireHotPath(Set<String> groups) throws IOException {
        if (!groups.contains(INGEST) || !groups.contains(RECORDER)) {
            throw new IOException("the JVM names no thread of the hot path");
        }
    }

    /** {@return the kernel's numbers of the JVM's threads by name} */
    Map<String, Long> nativeIds() throws IOException, InterruptedException {
        Map<String, Long> ids = new TreeMap<>();
        Matcher threads = NATIVE.matcher(run("jcmd", pid, "Thread.print"));
        while (threads.find()) {
            ids.put(threads.group(1), Long.decode(threads.group(2)));
        }
        return ids;
    }

    /** From now on the JVM writes down each time that it stops all its threads. */
    void logSafepoints(Path log) throws IOException, InterruptedException {
        run("jcmd", pid, "VM.log", "output=file=" + log, "what=safepoint=info");
    }

    /**
     * The longest of the stops in a log.
     *
     * @param why the JVM's word for it; empty when there was none
     */
    record Stop(double milliseconds, String why) {}

    static Stop longestStop(Path log) throws IOException {
        Stop longest = new Stop(0, "");
        Matcher stops = SAFEPOINT.matcher(Files.readString(log));
        while (stops.find()) {
            double milliseconds = Long.parseLong(stops.group(2)) / 1e6;
            longest = milliseconds > longest.milliseconds() ? new Stop(milliseconds, stops.group(1)) : longest;
        }
        return longest;
    }

    /** {@return the class loaders by the address of their data, each with the names of its classes} */
    Map<String, Set<String>> loaders() throws IOException, InterruptedException {
        Map<String, Set<String>> loaders = new TreeMap<>();
        Matcher classes = LOADED.matcher(run("jcmd", pid, "VM.class_hierarchy"));
        while (classes.find()) {
            loaders.computeIfAbsent(classes.group(2), first -> new TreeSet<>()).add(classes.group(1));
        }
        return loaders;
    }

    /** Collects all that is garbage, classes included. */
    void collect() throws IOException, InterruptedException {
        run("jcmd", pid, "GC.run");
    }

    private static String group(String thread) {
        if (thread.startsWith("nxvms-io-")) {
            return INGEST;
        }
        if (thread.startsWith("nxvms-vol-")) {
            return WRITER.matcher(thread).matches() ? RECORDER : "volumeCare";
        }
        if (thread.startsWith("nxvms-")) {
            return "nxvmsOther";
        }
        if (thread.startsWith("GC Thread") || thread.startsWith("G1 ") || thread.startsWith("VM Thread")) {
            return "gc";
        }
        return thread.startsWith("C1 Comp") || thread.startsWith("C2 Comp") ? "jit" : "other";
    }

    private static String run(String tool, String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = BIN.resolve(tool).toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(tool + " failed: " + output);
        }
        return output;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * The longest time in which threads of the hot path did not run at all, as the kernel counts it (schedstat): one that looks
 * at its sockets or rings some ten times a second and did not run for a second was held up, by a disk, by other programs or
 * by its JVM. Asks nothing of the server.
 */
final class ThreadStalls implements AutoCloseable {
    private static final long LOOK_NANOS = 20_000_000;
    /** Threads come and go with what is exchanged. */
    private static final long SEARCH_NANOS = 1_000_000_000;
    /** From here on it is asked what a thread waits for. */
    private static final long LONG_NANOS = 200_000_000;

    /**
     * A time in which a thread did not run.
     *
     * @param waitedMs of it ready to run, but without a processor
     * @param state the kernel's letter for it: R runs or waits for a processor, D waits for a disk, S for anything else
     */
    record Stall(long milliseconds, Instant at, long waitedMs, String state) {
        private static final Stall NONE = new Stall(0, Instant.EPOCH, 0, "");
    }

    /** Which threads count, by name. */
    private enum Group {
        INGEST(name -> name.startsWith("nxvms-io-rtsp-")),
        // The one without a volume's name sleeps for good.
        RECORDER(name -> name.matches("nxvms-vol-.+-write") && !name.equals("nxvms-vol--write"));

        private final Predicate<String> isOne;

        Group(Predicate<String> isOne) {
            this.isOne = isOne;
        }
    }

    private static final class Watched {
        private final Group group;
        private final Path task;
        private String seen = "";
        private long waitedNanos;
        private long sinceNanos = System.nanoTime();
        private String state = "";

        Watched(Group group, Path task) {
            this.group = group;
            this.task = task;
        }
    }

    private final Path tasks;
    private final JvmProbe jvm;
    private final Thread thread = new Thread(this::run, "thread-stalls");
    private final Map<Group, Stall> longest = new LinkedHashMap<>();
    private List<Watched> watched = new ArrayList<>();
    private long searchedNanos = System.nanoTime() - SEARCH_NANOS;
    private volatile boolean closed;

    ThreadStalls(long pid) {
        tasks = Path.of("/proc", String.valueOf(pid), "task");
        jvm = new JvmProbe(pid);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        while (!closed) {
            LockSupport.parkNanos(LOOK_NANOS);
            int before = watched.size();
            watched.removeIf(one -> !look(one));
            boolean missing = watched.size() < before
                    || List.of(Group.values()).stream()
                            .anyMatch(group -> watched.stream().noneMatch(one -> one.group == group));
            if (missing && System.nanoTime() - searchedNanos > SEARCH_NANOS) {
                search();
            }
        }
    }

    private void search() {
        List<Watched> found = new ArrayList<>();
        try {
            jvm.nativeIds().forEach((name, id) -> {
                for (Group group : Group.values()) {
                    if (group.isOne.test(name)) {
                        found.add(new Watched(group, tasks.resolve(String.valueOf(id))));
                    }
                }
            });
            watched = found;
        } catch (IOException ended) {
            closed = true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            closed = true;
        }
        searchedNanos = System.nanoTime();
    }

    /** {@return false when the thread has ended} */
    private boolean look(Watched one) {
        try {
            String now = Files.readString(one.task.resolve("schedstat")).strip();
            long nanos = System.nanoTime();
            long asleep = nanos - one.sinceNanos;
            if (now.equals(one.seen)) {
                if (asleep > LONG_NANOS) {
                    String stat = Files.readString(one.task.resolve("stat"));
                    one.state = stat.substring(stat.lastIndexOf(')') + 2).substring(0, 1);
                }
                return true;
            }
            long waited = Long.parseLong(now.split(" ")[1]);
            if (!one.seen.isEmpty()) {
                note(
                        one.group,
                        new Stall(
                                asleep / 1_000_000, Instant.now(), (waited - one.waitedNanos) / 1_000_000, one.state));
            }
            one.seen = now;
            one.waitedNanos = waited;
            one.sinceNanos = nanos;
            one.state = "";
            return true;
        } catch (IOException ended) {
            return false;
        }
    }

    private synchronized void note(Group group, Stall stall) {
        longest.merge(group, stall, (a, b) -> a.milliseconds() >= b.milliseconds() ? a : b);
    }

    synchronized Stall ingest() {
        return longest.getOrDefault(Group.INGEST, Stall.NONE);
    }

    synchronized Stall recorder() {
        return longest.getOrDefault(Group.RECORDER, Stall.NONE);
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}

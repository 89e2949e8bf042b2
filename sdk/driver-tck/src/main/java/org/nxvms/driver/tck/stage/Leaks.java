// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Threads and sockets of this process: what there was, and what is left more. */
public final class Leaks {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final long LIMIT_MS = 20_000;
    private static final long POLL_MS = 200;

    private final Set<Thread> threads;
    private final int sockets;

    private Leaks(Set<Thread> threads, int sockets) {
        this.threads = threads;
        this.sockets = sockets;
    }

    public static Leaks now() {
        return new Leaks(threads(), sockets());
    }

    /** Waits, collecting garbage, until there is no more than there was, but for an allowance. */
    public void requireBack(String when, int moreThreads, int moreSockets) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MS);
        while (true) {
            Set<Thread> left = threads();
            left.removeAll(threads);
            int more = sockets() - sockets;
            if (left.size() <= moreThreads && more <= moreSockets) {
                return;
            }
            if (System.nanoTime() > end) {
                List<String> names =
                        left.stream().map(Thread::getName).sorted().limit(10).toList();
                throw new Broken(when + ", " + (LIMIT_MS / 1000) + " s later, there are " + left.size()
                        + " threads more than before " + names + " and " + Math.max(0, more) + " sockets more.");
            }
            // What the JDK ends only when it is collected counts as ended.
            System.gc();
            new CountDownLatch(1).await(POLL_MS, TimeUnit.MILLISECONDS);
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !isOurs(thread))
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Of the kit, the simulator, and pools of the JDK that everybody shares. */
    private static boolean isOurs(Thread thread) {
        String name = thread.getName();
        return Calls.isOne(thread)
                || name.startsWith("tck-")
                || name.startsWith("simulator-")
                || name.startsWith("ForkJoinPool.commonPool")
                || name.startsWith("process reaper")
                || name.startsWith("Felix")
                || name.startsWith("SCR ")
                || thread.getThreadGroup() != null
                        && thread.getThreadGroup().getName().equals("system");
    }

    private static int sockets() {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return 0;
        }
        int count = 0;
        try (Stream<Path> all = Files.list(DESCRIPTORS)) {
            for (Path one : all.toList()) {
                count += isSocket(one) ? 1 : 0;
            }
        } catch (IOException gone) {
            return count;
        }
        return count;
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}

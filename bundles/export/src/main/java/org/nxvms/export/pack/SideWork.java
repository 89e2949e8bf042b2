// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.pack;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A thread beside the one that makes a package, of the lowest priority too. What is begun is done in order, and nothing behind what
 * failed; the maker waits for it before it begins much more. The thread comes with the first work and goes with the package.
 */
final class SideWork implements AutoCloseable {
    private final ExecutorService thread;
    /** Known on that thread only. */
    private Optional<Throwable> failure = Optional.empty();

    /** @param name of the thread, behind those of makers */
    SideWork(String name) {
        thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, "nxvms-export-" + name);
            made.setDaemon(true);
            made.setPriority(Thread.MIN_PRIORITY);
            return made;
        });
    }

    /** Work that was begun. */
    @FunctionalInterface
    interface Begun {
        Begun NOTHING = () -> {};

        /** Waits for its end, whoever wants this thread to stop: what it reads may not change before. */
        void end() throws IOException;
    }

    /** Work that may fail as a disk does. */
    @FunctionalInterface
    interface Work {
        void run() throws IOException;
    }

    Begun begin(Work work) {
        Future<Void> future = thread.submit(() -> run(work));
        return () -> end(future);
    }

    private Void run(Work work) throws IOException {
        if (failure.isPresent()) {
            throw asThrown(failure.get());
        }
        try {
            work.run();
            return null;
        } catch (Throwable failed) {
            failure = Optional.of(failed);
            throw failed;
        }
    }

    private static void end(Future<?> future) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    future.get();
                    return;
                } catch (InterruptedException later) {
                    interrupted = true;
                } catch (ExecutionException failed) {
                    throw asThrown(failed.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IOException asThrown(Throwable cause) {
        // With its own kind and words, as the disk said them to the other thread.
        if (cause instanceof IOException failure) {
            return failure;
        }
        throw new IllegalStateException("internal fault beside the writing of a package", cause);
    }

    /** What was begun is over on return; whether it failed is not said. */
    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        while (!thread.isTerminated()) {
            try {
                thread.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.health.HealthCheck.Result;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs health checks, each on a thread of its own and at most once at a time. A result serves for
 * {@link #FRESH_MS}, so that many who ask cost no more than one; a check that needs longer than {@link
 * #LIMIT_MS} counts as DOWN until it returns, and holds up no other. Any thread.
 */
final class CheckRunner {
    /** How long a result is given out again. */
    static final int FRESH_MS = 2_000;
    /** How long a check may take. */
    static final int LIMIT_MS = 2_000;

    private static final Logger LOG = LoggerFactory.getLogger(CheckRunner.class);

    /** A check and its newest outcome. */
    record Outcome(HealthCheck check, Result result) {}

    /** One run of a check; {@code done} completes when it returns, however late. */
    private record Run(long beganMs, CompletableFuture<Result> done) {}

    /** A check and its newest run. */
    private static final class Slot {
        private final HealthCheck check;
        private Run run;
        /** What it answered last, however late. */
        private volatile Result last = Result.up();

        private volatile boolean answered;

        Slot(HealthCheck check) {
            this.check = check;
        }
    }

    private final List<Slot> slots = new CopyOnWriteArrayList<>();
    private final Executor threads;
    private final LongSupplier monotonicMs;

    /**
     * @param threads gives each task a thread at once
     */
    CheckRunner(Executor threads, LongSupplier monotonicMs) {
        this.threads = threads;
        this.monotonicMs = monotonicMs;
    }

    void add(HealthCheck check) {
        slots.add(new Slot(check));
    }

    void remove(HealthCheck check) {
        slots.removeIf(slot -> slot.check == check);
    }

    /** Begins some that are not fresh, and does not wait for them. */
    Begun begin(Predicate<HealthCheck> wanted) {
        List<Slot> now = slots.stream().filter(slot -> wanted.test(slot.check)).toList();
        return new Begun(now, now.stream().map(this::current).toList());
    }

    /** Checks that run. */
    final class Begun {
        private final List<Slot> now;
        private final List<Run> runs;

        private Begun(List<Slot> now, List<Run> runs) {
            this.now = now;
            this.runs = runs;
        }

        /**
         * {@return results, not older than {@link #FRESH_MS}, within {@link #LIMIT_MS} since they began}
         *
         * @param wait false: of what still runs what it answered last, as long as it may take; waited for is what never has
         */
        List<Outcome> results(boolean wait) {
            List<Outcome> outcomes = new ArrayList<>(now.size());
            for (int i = 0; i < now.size(); i++) {
                Slot slot = now.get(i);
                Run run = runs.get(i);
                boolean known = !wait && slot.answered && monotonicMs.getAsLong() - run.beganMs() < LIMIT_MS;
                Result result = known && !run.done().isDone() ? slot.last : await(run, slot);
                outcomes.add(new Outcome(slot.check, result));
            }
            return outcomes;
        }

        Set<String> names() {
            return now.stream().map(slot -> slot.check.name()).collect(Collectors.toSet());
        }
    }

    private Run current(Slot slot) {
        Run run;
        synchronized (slot) {
            long nowMs = monotonicMs.getAsLong();
            if (slot.run != null && (!slot.run.done().isDone() || nowMs - slot.run.beganMs() < FRESH_MS)) {
                return slot.run;
            }
            run = new Run(nowMs, new CompletableFuture<>());
            slot.run = run;
        }
        try {
            threads.execute(() -> {
                slot.last = ask(slot.check);
                slot.answered = true;
                run.done().complete(slot.last);
            });
        } catch (RejectedExecutionException e) {
            run.done().complete(Result.down("The server is stopping.").found("stopping"));
        }
        return run;
    }

    private static Result ask(HealthCheck check) {
        try {
            Result result = check.check();
            return result == null ? Result.down("The check gave no result.").found("check_failed") : result;
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("A health check failed with an error of its own", e);
            return Result.down("The check failed with an error of its own ("
                            + e.getClass().getSimpleName().toLowerCase(Locale.ROOT)
                            + "); the server's log has the details.")
                    .found("check_failed");
        }
    }

    private Result await(Run run, Slot slot) {
        long leftMs = run.beganMs() + LIMIT_MS - monotonicMs.getAsLong();
        try {
            return run.done().get(Math.max(leftMs, 0), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            long seconds = (monotonicMs.getAsLong() - run.beganMs()) / 1_000;
            // What was wrong before is most likely wrong still, and says more.
            boolean wasDown = slot.last.status() == HealthCheck.Status.DOWN;
            String known = wasDown ? slot.last.detail().replaceAll("\\.$", "") + ". " : "";
            return new Result(
                            HealthCheck.Status.DOWN,
                            known + "Has not answered for " + seconds + " s.",
                            Map.of("waitingSeconds", seconds),
                            wasDown ? slot.last.findings() : List.of())
                    .found("no_answer", Map.of("waitingSeconds", seconds));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Result.down("The server is stopping.").found("stopping");
        } catch (ExecutionException e) {
            // Never completed exceptionally.
            throw new IllegalStateException(e);
        }
    }
}

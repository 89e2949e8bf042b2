// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.health.HealthCheck.Result;
import org.nxvms.platform.api.health.HealthCheck.Status;
import org.nxvms.test.kit.Awaiting;

/** Checks are asked seldom, alone, and never for longer than they may take. */
class CheckRunnerTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicLong nowMs = new AtomicLong(10_000);
    /** How many of the checks that come get a thread of their own; the others have answered when {@code run} looks. */
    private final AtomicInteger beside = new AtomicInteger();

    private final CheckRunner runner = new CheckRunner(
            task -> {
                if (beside.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    threads.execute(task);
                } else {
                    task.run();
                }
            },
            nowMs::get);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private List<CheckRunner.Outcome> run() {
        return runner.begin(check -> true).results(true);
    }

    /** As a volume on a slow share: the server answers all the same. */
    @Test
    @Timeout(120)
    void whoDoesNotWaitIsToldWhatASlowCheckAnsweredLast() {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch answer = new CountDownLatch(1);
        runner.add(check("volumes", () -> {
            if (asked.incrementAndGet() > 1) {
                try {
                    answer.await();
                } catch (InterruptedException e) {
                    return Result.down("interrupted");
                }
            }
            return new Result(Status.DEGRADED, "One is slow.", Map.of());
        }));
        CheckRunner.Begun first = runner.begin(check -> true);
        assertThat(statuses(first.results(false))).containsEntry("volumes", Status.DEGRADED);

        nowMs.addAndGet(CheckRunner.FRESH_MS);
        beside.set(1);
        CheckRunner.Begun second = runner.begin(check -> true);
        assertThat(statuses(second.results(false))).containsEntry("volumes", Status.DEGRADED);
        nowMs.addAndGet(CheckRunner.LIMIT_MS - 1);
        assertThat(statuses(second.results(false))).containsEntry("volumes", Status.DEGRADED);
        nowMs.addAndGet(1);
        assertThat(statuses(second.results(false))).containsEntry("volumes", Status.DOWN);
        Awaiting.until("it is asked a second time", () -> asked.get() > 1);
        assertThat(asked).hasValue(2);
        answer.countDown();
    }

    @Test
    void aResultServesForTwoSeconds() {
        AtomicInteger asked = new AtomicInteger();
        runner.add(check("database", () -> {
            asked.incrementAndGet();
            return Result.up();
        }));

        run();
        nowMs.addAndGet(CheckRunner.FRESH_MS - 1);
        assertThat(run()).singleElement().satisfies(o -> assertThat(o.result().status())
                .isEqualTo(Status.UP));
        assertThat(asked).hasValue(1);
        nowMs.addAndGet(1);
        run();
        assertThat(asked).hasValue(2);
    }

    /** A database that is away takes longer to say so than anybody waits. */
    @Test
    void whileACheckHangsItIsStillSaidWhatWasWrongBefore() {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch answer = new CountDownLatch(1);
        runner.add(check("database", () -> {
            if (asked.incrementAndGet() > 1) {
                try {
                    answer.await();
                } catch (InterruptedException e) {
                    return Result.down("interrupted");
                }
            }
            return Result.down("It is away. Start it.");
        }));
        run();
        nowMs.addAndGet(60_000);
        beside.set(1);
        assertThat(run()).singleElement().satisfies(o -> assertThat(o.result().detail())
                .startsWith("It is away. Start it. Has not answered for"));
        answer.countDown();
    }

    @Test
    @Timeout(120)
    void aCheckThatHangsIsDownAloneAndIsNotAskedAgainMeanwhile() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        beside.set(1);
        runner.add(check("disk", () -> {
            asked.incrementAndGet();
            entered.countDown();
            try {
                answer.await();
            } catch (InterruptedException e) {
                return Result.down("interrupted");
            } finally {
                answered.countDown();
            }
            return Result.up();
        }));
        runner.add(check("cameras", Result::up));

        Map<String, Status> first = statuses(run());
        assertThat(entered.await(30, TimeUnit.SECONDS)).isTrue();
        nowMs.addAndGet(60_000);
        List<CheckRunner.Outcome> later = run();

        assertThat(first).containsEntry("disk", Status.DOWN).containsEntry("cameras", Status.UP);
        assertThat(later).anySatisfy(o -> {
            assertThat(o.check().name()).isEqualTo("disk");
            assertThat(o.result().detail()).isEqualTo("Has not answered for 60 s.");
        });
        assertThat(asked).hasValue(1);
        answer.countDown();
        assertThat(answered.await(30, TimeUnit.SECONDS)).isTrue();
        nowMs.addAndGet(CheckRunner.FRESH_MS);
        // The answer that came late may still be on its way, and is old then: it is asked for anew.
        while (asked.get() < 2) {
            run();
        }
        awaitUp("disk");
    }

    /** The late answer arrives on the check's own thread, a moment after it was given. */
    private void awaitUp(String name) {
        Awaiting.until(name + " is up again", () -> statuses(run()).get(name) == Status.UP);
    }

    @Test
    void aCheckThatThrowsIsDownWithAHint() {
        runner.add(check("broken", () -> {
            throw new NoClassDefFoundError("gone");
        }));
        runner.add(check("silent", () -> null));

        assertThat(run()).allSatisfy(o -> assertThat(o.result().status()).isEqualTo(Status.DOWN));
        assertThat(run().get(0).result().detail()).contains("log");
    }

    private static Map<String, Status> statuses(List<CheckRunner.Outcome> outcomes) {
        return outcomes.stream()
                .collect(java.util.stream.Collectors.toMap(
                        o -> o.check().name(), o -> o.result().status()));
    }

    static HealthCheck check(String name, Supplier<Result> result) {
        return new HealthCheck() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Result check() {
                return result.get();
            }
        };
    }
}

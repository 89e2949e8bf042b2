// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a volume's keeper is doing and since when, so that a system call that does not come back is seen from outside. The
 * keeper tells; any thread looks, and never waits.
 */
final class KeeperWatch {
    private final long hungNanos;
    private volatile Optional<Step> step = Optional.empty();

    private record Step(String what, long beganNanos) {}

    /** A step that takes too long. */
    record Hung(String what, long seconds) {}

    @FunctionalInterface
    interface Work<E extends Exception> {
        void run() throws E;
    }

    @FunctionalInterface
    interface Question<T, E extends Exception> {
        T answer() throws E;
    }

    KeeperWatch(int hungSeconds) {
        this.hungNanos = TimeUnit.SECONDS.toNanos(hungSeconds);
    }

    /** Keeper: does a step. One within another is the one that counts until it ends. */
    <E extends Exception> void during(String what, Work<E> work) throws E {
        answer(what, () -> {
            work.run();
            return true;
        });
    }

    /** As {@link #during}, for a step that has a result. */
    <T, E extends Exception> T answer(String what, Question<T, E> question) throws E {
        Optional<Step> around = step;
        step = Optional.of(new Step(what, System.nanoTime()));
        try {
            return question.answer();
        } finally {
            step = around.map(outer -> new Step(outer.what(), System.nanoTime()));
        }
    }

    /** Keeper: a long step gets on. */
    void beat() {
        step = step.map(now -> new Step(now.what(), System.nanoTime()));
    }

    /** Asked with each fragment; allocates nothing as long as all is well. */
    Optional<Hung> hung() {
        Optional<Step> now = step;
        if (now.isEmpty()) {
            return Optional.empty();
        }
        long nanos = System.nanoTime() - now.get().beganNanos();
        return nanos < hungNanos
                ? Optional.empty()
                : Optional.of(new Hung(now.get().what(), TimeUnit.NANOSECONDS.toSeconds(nanos)));
    }
}

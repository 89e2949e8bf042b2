// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.stage;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.nxvms.driver.spi.DriverException;

/** Calls of a driver's code, each on a thread of its own, so that one that hangs costs one rule and not the run. */
public final class Calls {
    /** What a busy machine may add to a time limit. */
    public static final int GRACE_MS = 5_000;

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String PREFIX = "tck-call-";

    private Calls() {}

    /**
     * What came of a call.
     *
     * @param value null when it threw, or returned null
     * @param thrown null when it returned
     */
    public record Answer<T>(String what, T value, Throwable thrown, long elapsedMs) {
        /** {@return what it returned} */
        public T get() {
            if (thrown != null) {
                throw new Broken(what + " failed: " + thrown, thrown);
            }
            if (value == null) {
                throw new Broken(what + " returned null.");
            }
            return value;
        }

        public boolean failed() {
            return thrown != null;
        }

        /** {@return how it failed, as contracts say} */
        public DriverException failure() {
            if (thrown == null) {
                throw new Broken(what + " did not fail.");
            }
            if (thrown instanceof DriverException failure) {
                return failure;
            }
            throw new Broken(what + " threw " + thrown + " instead of a DriverException.", thrown);
        }
    }

    /** A call under way. */
    public static final class Running<T> {
        private final String what;
        private final Thread thread;
        private volatile long startNano;
        private volatile T value;
        private volatile Throwable thrown;
        private volatile long endNano;

        private Running(String what, Callable<T> call) {
            this.what = what;
            thread = new Thread(() -> run(call), PREFIX + NUMBER.incrementAndGet());
            thread.setDaemon(true);
            thread.start();
        }

        private void run(Callable<T> call) {
            // The driver's time, without what a busy machine needs to begin a thread.
            startNano = System.nanoTime();
            try {
                value = call.call();
            } catch (Throwable any) {
                thrown = any;
            } finally {
                endNano = System.nanoTime();
            }
        }

        /** {@return what came of it} within a time; it is interrupted and counts as broken otherwise. */
        public Answer<T> within(long limitMs) throws InterruptedException {
            thread.join(limitMs + GRACE_MS);
            if (thread.isAlive()) {
                boolean ends = interrupted();
                throw new Broken(what + " took more than " + limitMs + " ms"
                        + (ends ? "." : ", and did not return when it was interrupted."));
            }
            return answer();
        }

        /** Interrupts it; {@return what came of it} */
        public Answer<T> interrupt() throws InterruptedException {
            if (!interrupted()) {
                throw new Broken(what + " did not return within " + GRACE_MS + " ms after it was interrupted.");
            }
            return answer();
        }

        private boolean interrupted() throws InterruptedException {
            thread.interrupt();
            thread.join(GRACE_MS);
            return !thread.isAlive();
        }

        private Answer<T> answer() {
            return new Answer<>(what, value, thrown, TimeUnit.NANOSECONDS.toMillis(endNano - startNano));
        }

        public boolean isOver() {
            return !thread.isAlive();
        }

        /** {@return whether it waits for something at this moment} */
        public boolean waits() {
            Thread.State state = thread.getState();
            return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
        }
    }

    /** What returns nothing. */
    @FunctionalInterface
    public interface Act {
        void run() throws Exception;
    }

    public static <T> Running<T> begin(String what, Callable<T> call) {
        return new Running<>(what, call);
    }

    public static <T> Answer<T> within(String what, long limitMs, Callable<T> call) throws InterruptedException {
        return begin(what, call).within(limitMs);
    }

    public static Answer<Boolean> act(String what, long limitMs, Act act) throws InterruptedException {
        return within(what, limitMs, () -> {
            act.run();
            return true;
        });
    }

    static boolean isOne(Thread thread) {
        return thread.getName().startsWith(PREFIX);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Where handshakes run: each holds a thread until it is done or its time is over. Few of one user at once, so that one whose
 * players never answer does not keep others waiting. Any thread.
 */
final class HandshakeThreads implements Viewer.Handshakes, AutoCloseable {
    static final int AT_ONCE_MAX = 16;
    static final int AT_ONCE_PER_USER_MAX = 4;
    /** As many as there may be viewers. */
    private static final int WAITING_MAX = 1_024;

    private static final int IDLE_SECONDS = 30;
    private static final long STOP_MS_MAX = 1_000;

    private final Consumer<Viewer> shakeHands;
    private final ThreadPoolExecutor threads;
    private final Deque<Viewer> waiting = new ArrayDeque<>();
    private final Map<UUID, Integer> perUser = new HashMap<>();
    private int running;

    /** @param shakeHands blocks; called on a thread of ours */
    HandshakeThreads(Consumer<Viewer> shakeHands) {
        this.shakeHands = shakeHands;
        AtomicInteger made = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                AT_ONCE_MAX,
                AT_ONCE_MAX,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                // Not more than run at once, and one that is being taken.
                new LinkedBlockingQueue<>(2 * AT_ONCE_MAX),
                work -> {
                    Thread thread = new Thread(work, "nxvms-webrtc-dtls-" + made.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /** Does something before all handshakes. */
    void first(Runnable work) {
        threads.execute(work);
    }

    @Override
    public void begin(Viewer viewer) {
        synchronized (waiting) {
            if (waiting.size() == WAITING_MAX) {
                throw new RejectedExecutionException("more than " + WAITING_MAX + " wait");
            }
            waiting.add(viewer);
            startNext();
        }
    }

    private void startNext() {
        for (Iterator<Viewer> each = waiting.iterator(); each.hasNext() && running < AT_ONCE_MAX; ) {
            Viewer viewer = each.next();
            UUID user = viewer.terms().userId();
            int own = perUser.getOrDefault(user, 0);
            if (!viewer.ended().isEmpty()) {
                each.remove();
            } else if (own < AT_ONCE_PER_USER_MAX) {
                each.remove();
                threads.execute(() -> run(viewer));
                running++;
                perUser.put(user, own + 1);
            }
        }
    }

    private void run(Viewer viewer) {
        try {
            shakeHands.accept(viewer);
        } finally {
            synchronized (waiting) {
                running--;
                perUser.computeIfPresent(viewer.terms().userId(), (id, count) -> count == 1 ? null : count - 1);
                goOn();
            }
        }
    }

    private void goOn() {
        try {
            startNext();
        } catch (RejectedExecutionException stopped) {
            waiting.clear();
        }
    }

    /** Ends all handshakes, and waits for their threads, but not for ever. Idempotent. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            threads.awaitTermination(STOP_MS_MAX, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.DeviceState;
import org.nxvms.simulator.device.EventTeller;
import org.nxvms.simulator.onvif.OnvifMessages.Notice;

/** What waits for one client, until it is pulled, renewed no more, or too much. */
final class PullPoint implements EventTeller.Listener {
    private static final int WAITING_MAX = 1_000;
    private static final int LOOK_MS = 100;

    private final Device device;
    private final BlockingQueue<Notice> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Thread thread;
    private volatile long endNano;
    private volatile boolean ended;
    private boolean told;

    PullPoint(Device device, Duration life) {
        this.device = device;
        renew(life);
        thread = new Thread(this::run, "simulator-onvif-events");
        thread.setDaemon(true);
        thread.start();
    }

    void renew(Duration life) {
        endNano = System.nanoTime() + life.toNanos();
    }

    boolean isOver() {
        return ended || System.nanoTime() - endNano > 0;
    }

    void end() {
        ended = true;
        thread.interrupt();
    }

    private void run() {
        try {
            new EventTeller(device, this).tell();
        } catch (java.io.IOException | InterruptedException over) {
            // ended, run out, or too far behind
        }
        ended = true;
    }

    /**
     * Called by the teller's thread: the states there are first, then what changes. Waits while the client lags behind, so that a
     * storm is no faster than what is pulled; what happens meanwhile fills the teller's own queue, and ends this when it is full.
     */
    @Override
    public void told(DeviceState state) throws java.io.IOException, InterruptedException {
        Notice notice = new Notice(state, told ? "Changed" : "Initialized");
        while (!waiting.offer(notice, LOOK_MS, TimeUnit.MILLISECONDS)) {
            if (isOver()) {
                throw new java.io.IOException("the pull point has run out");
            }
        }
    }

    @Override
    public void paused() throws java.io.IOException {
        told = true;
        if (isOver()) {
            throw new java.io.IOException("the pull point has run out");
        }
    }

    /** Says every state as it is now once more (Core 9.6). */
    void synchronise() {
        device.events().states().forEach(state -> waiting.offer(new Notice(state, "Initialized")));
    }

    /** Waits for the first, up to the timeout, and takes what there is. */
    List<Notice> pull(Duration timeout, int limit) throws InterruptedException {
        List<Notice> taken = new ArrayList<>();
        Notice first = waiting.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
            taken.add(first);
            waiting.drainTo(taken, limit - 1);
        }
        return taken;
    }
}

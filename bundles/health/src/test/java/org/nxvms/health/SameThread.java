// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/** Does what it is given at once: checks that answer have answered in time, however slow the machine is. */
final class SameThread extends AbstractExecutorService {
    private boolean over;

    @Override
    public void execute(Runnable task) {
        task.run();
    }

    @Override
    public void shutdown() {
        over = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        over = true;
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return over;
    }

    @Override
    public boolean isTerminated() {
        return over;
    }

    @Override
    public boolean awaitTermination(long time, TimeUnit unit) {
        return over;
    }
}

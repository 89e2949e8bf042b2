// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.conformance.flawed;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Drivers that do not come and go as they should. Some of it is done by {@link FlawedDriver} itself. */
final class SwapFlaws {
    static final Map<String, Flaw> BY_RULE = new HashMap<>();

    static {
        BY_RULE.put("swap.service", Flaw.NONE);
        BY_RULE.put("swap.start-at-once", Flaw.NONE);
        BY_RULE.put("swap.again", SwapFlaws::newEachStart);
        BY_RULE.put(
                "swap.beside",
                visit -> DataFlaws.quirk(visit, "version", visit.driver().version()));
        BY_RULE.put("swap.stopped", SwapFlaws::startled);
        BY_RULE.put("swap.stop-while-opening", SwapFlaws::busyOpening);
        BY_RULE.put("swap.collected", LifeFlaws::threadForEach);
    }

    private SwapFlaws() {}

    static void pause(long ms) throws InterruptedException {
        new CountDownLatch(1).await(ms, TimeUnit.MILLISECONDS);
    }

    private static Object newEachStart(Visit visit) throws Throwable {
        Object started = visit.driver().memory.computeIfAbsent("started", key -> System.nanoTime());
        return DataFlaws.quirk(visit, "started", started.toString());
    }

    private static Object startled(Visit visit) throws Throwable {
        if (visit.driver().memory.containsKey("stopped")) {
            throw new IllegalStateException("the bundle has been stopped");
        }
        return visit.go();
    }

    private static Object busyOpening(Visit visit) throws Throwable {
        if (!visit.is("open")) {
            return visit.go();
        }
        visit.driver().memory.put("opening", true);
        try {
            return visit.go();
        } finally {
            visit.driver().memory.remove("opening");
        }
    }
}

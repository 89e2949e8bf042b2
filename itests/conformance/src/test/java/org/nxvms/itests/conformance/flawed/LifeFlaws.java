// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.conformance.flawed;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.DriverInfo;

/** Sessions that are not what they should be. */
final class LifeFlaws {
    static final Map<String, Flaw> BY_RULE = Map.of(
            "life.constant", LifeFlaws::changingInfo,
            "life.open-close", LifeFlaws::threadForEach,
            "life.closed", LifeFlaws::openForEver,
            "life.close-twice", LifeFlaws::closedOnce,
            "life.sessions-apart", LifeFlaws::allForOne,
            "life.several-threads", LifeFlaws::oneAtATime);

    private LifeFlaws() {}

    private static Object changingInfo(Visit visit) throws Throwable {
        if (visit.is("info")) {
            DriverInfo info = (DriverInfo) visit.go();
            return new DriverInfo(
                    info.id(),
                    info.name(),
                    "made at " + System.nanoTime(),
                    info.addressHint(),
                    info.addressSchemes(),
                    info.hasSubAddress());
        }
        return visit.go();
    }

    /** A thread that nobody ends. */
    static Object threadForEach(Visit visit) throws Throwable {
        if (visit.is("open")) {
            Thread thread = new Thread(() -> {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException never) {
                    Thread.currentThread().interrupt();
                }
            });
            thread.setDaemon(true);
            thread.start();
        }
        return visit.go();
    }

    private static Object openForEver(Visit visit) throws Throwable {
        return visit.is("CameraSession.close") ? null : visit.go();
    }

    private static Object closedOnce(Visit visit) throws Throwable {
        if (visit.is("CameraSession.close") && visit.driver().memory.put("closed", true) != null) {
            throw new IllegalStateException("closed already");
        }
        return visit.go();
    }

    @SuppressWarnings("unchecked")
    private static Object allForOne(Visit visit) throws Throwable {
        List<CameraSession> all =
                (List<CameraSession>) visit.driver().memory.computeIfAbsent("all", key -> new CopyOnWriteArrayList<>());
        if (visit.is("CameraSession.close")) {
            all.forEach(CameraSession::close);
            return null;
        }
        Object answer = visit.go();
        if (visit.is("open")) {
            all.add((CameraSession) answer);
        }
        return answer;
    }

    private static Object oneAtATime(Visit visit) throws Throwable {
        if (!visit.is("open")) {
            return visit.go();
        }
        AtomicInteger open = (AtomicInteger) visit.driver().memory.computeIfAbsent("open", key -> new AtomicInteger());
        try {
            if (open.incrementAndGet() > 1) {
                throw new DriverException(Kind.BUSY, "One at a time.");
            }
            SwapFlaws.pause(1_000);
            return visit.go();
        } finally {
            open.decrementAndGet();
        }
    }
}

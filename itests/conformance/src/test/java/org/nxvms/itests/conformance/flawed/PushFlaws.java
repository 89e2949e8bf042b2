// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.conformance.flawed;

import java.util.Map;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.PushInbox;
import org.nxvms.driver.spi.PushLimits;

/** Drivers that let devices deliver, and do not look after what they opened for that. */
final class PushFlaws {
    static final Map<String, Flaw> BY_RULE = Map.of(
            "push.optional", PushFlaws::nothingWithout,
            "push.closed", PushFlaws::opening,
            "push.garbage", PushFlaws::neverAnswering);

    private PushFlaws() {}

    private static Object nothingWithout(Visit visit) throws Throwable {
        if (visit.is("CameraDriver.open") && visit.driver().push().isEmpty()) {
            throw new DriverException(Kind.UNREACHABLE, "The server takes no deliveries.");
        }
        return visit.go();
    }

    /** A feed opens an endpoint, which nobody closes. */
    private static Object opening(Visit visit) throws Throwable {
        if (visit.is("CameraDriver.open")) {
            visit.driver().memory.put("target", visit.argument(0));
        }
        if (visit.is("DeviceEvents.subscribe")) {
            PushInbox inbox = visit.driver()
                    .push()
                    .orElseThrow()
                    .http((DeviceTarget) visit.driver().memory.get("target"), "events", PushLimits.USUAL);
            visit.driver().memory.put("inbox", inbox);
        }
        return visit.go();
    }

    private static Object neverAnswering(Visit visit) throws Throwable {
        if (visit.is("Feed.next") && visit.driver().memory.get("inbox") instanceof PushInbox inbox) {
            inbox.next(0);
        }
        return opening(visit);
    }
}

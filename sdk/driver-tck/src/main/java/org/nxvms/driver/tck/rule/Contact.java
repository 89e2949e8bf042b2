// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.tck.stage.Calls;
import org.nxvms.driver.tck.stage.Calls.Answer;

/** What the platform does first with each device: open, ask who it is, ask for its streams. */
final class Contact {
    private Contact() {}

    /** {@return the first failure, if any; each call keeps to the time limit, and fails as contracts say} */
    static Optional<DriverException> with(Scene scene, DeviceTarget target) throws Exception {
        Answer<CameraSession> opened = scene.tryOpen(target);
        if (opened.failed()) {
            return Optional.of(opened.failure());
        }
        CameraSession session = opened.get();
        Map<String, Callable<Object>> calls = Map.of("identity()", session::identity, "streams()", session::streams);
        for (Map.Entry<String, Callable<Object>> call : calls.entrySet()) {
            Answer<Object> answer = Calls.within(call.getKey(), target.timeoutMs(), call.getValue());
            if (answer.failed()) {
                return Optional.of(answer.failure());
            }
        }
        return Optional.empty();
    }

    /** {@return as {@link #with}; the rule is not tried when the driver asks nothing of a device} */
    static DriverException failing(Scene scene, DeviceTarget target) throws Exception {
        return with(scene, target)
                .orElseThrow(() -> new NotTried("the driver names streams without asking the device"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Capability;
import org.nxvms.driver.spi.DeviceAnalytics;
import org.nxvms.driver.spi.DeviceClock;
import org.nxvms.driver.spi.DeviceSnapshot;
import org.nxvms.driver.spi.DigitalIo;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.Imaging;
import org.nxvms.driver.spi.PrivacyMasks;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzPresets;
import org.nxvms.driver.spi.PtzTours;
import org.nxvms.driver.spi.VideoEncoders;
import org.nxvms.media.StreamRole;

/** What can be asked of a session without changing anything at the device. */
final class Functions {
    private Functions() {}

    /** {@return calls by name: of the session, and of each control function that it has} */
    static Map<String, Callable<Object>> asking(CameraSession session) throws DriverException {
        Map<String, Callable<Object>> calls = new LinkedHashMap<>();
        calls.put("identity()", session::identity);
        calls.put("streams()", session::streams);
        has(session, Ptz.class).ifPresent(ptz -> {
            calls.put("Ptz.position()", ptz::position);
            calls.put("Ptz.stop()", () -> {
                ptz.stop();
                return true;
            });
        });
        has(session, PtzPresets.class).ifPresent(presets -> calls.put("PtzPresets.presets()", presets::presets));
        has(session, PtzTours.class).ifPresent(tours -> calls.put("PtzTours.tours()", tours::tours));
        has(session, DigitalIo.class).ifPresent(io -> calls.put("DigitalIo.ports()", io::ports));
        has(session, DeviceSnapshot.class)
                .ifPresent(still -> calls.put("DeviceSnapshot.jpeg(MAIN)", () -> still.jpeg(StreamRole.MAIN)));
        has(session, DeviceClock.class).ifPresent(clock -> calls.put("DeviceClock.now()", clock::now));
        has(session, DeviceAnalytics.class)
                .ifPresent(analytics -> calls.put("DeviceAnalytics.analysis()", analytics::analysis));
        has(session, Imaging.class).ifPresent(imaging -> calls.put("Imaging.values()", imaging::values));
        has(session, VideoEncoders.class)
                .ifPresent(encoders -> calls.put("VideoEncoders.encoders()", encoders::encoders));
        has(session, PrivacyMasks.class).ifPresent(masks -> {
            calls.put("PrivacyMasks.options()", masks::options);
            calls.put("PrivacyMasks.masks()", masks::masks);
        });
        return calls;
    }

    private static <C extends Capability> Optional<C> has(CameraSession session, Class<C> type) throws DriverException {
        return session.capability(type);
    }
}

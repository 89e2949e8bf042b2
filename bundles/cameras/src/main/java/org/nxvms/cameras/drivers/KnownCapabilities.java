// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.drivers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Capability;
import org.nxvms.driver.spi.DeviceAnalytics;
import org.nxvms.driver.spi.DeviceClock;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceSnapshot;
import org.nxvms.driver.spi.DeviceUsers;
import org.nxvms.driver.spi.DigitalIo;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.EdgeRecordings;
import org.nxvms.driver.spi.Imaging;
import org.nxvms.driver.spi.PrivacyMasks;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzPresets;
import org.nxvms.driver.spi.PtzTours;
import org.nxvms.driver.spi.Reboot;
import org.nxvms.driver.spi.VideoEncoders;

/** The control functions that the platform uses, with the names they have outside. */
public enum KnownCapabilities {
    PTZ("ptz", Ptz.class),
    PTZ_PRESETS("ptz_presets", PtzPresets.class),
    PTZ_TOURS("ptz_tours", PtzTours.class),
    EVENTS("events", DeviceEvents.class),
    ANALYTICS("analytics", DeviceAnalytics.class),
    IMAGING("imaging", Imaging.class),
    ENCODERS("encoders", VideoEncoders.class),
    PRIVACY_MASKS("privacy_masks", PrivacyMasks.class),
    IO("io", DigitalIo.class),
    SNAPSHOT("snapshot", DeviceSnapshot.class),
    AUDIO_OUT("audio_out", AudioOut.class),
    EDGE_RECORDINGS("edge_recordings", EdgeRecordings.class),
    CLOCK("clock", DeviceClock.class),
    REBOOT("reboot", Reboot.class),
    DEVICE_USERS("device_users", DeviceUsers.class);

    private final String id;
    private final Class<? extends Capability> type;

    KnownCapabilities(String id, Class<? extends Capability> type) {
        this.id = id;
        this.type = type;
    }

    /** {@return its name in REST and status} */
    public String id() {
        return id;
    }

    /** {@return the name of a type; its class's where the platform has none} */
    public static String nameOf(Class<? extends Capability> type) {
        for (KnownCapabilities known : values()) {
            if (known.type == type) {
                return known.id;
            }
        }
        return type.getSimpleName();
    }

    /** {@return what a device did not answer about, by name, with the driver's words} */
    public static Map<String, String> unansweredOf(CameraSession session) throws DriverException {
        Map<String, String> words = new TreeMap<>();
        session.unanswered().forEach((type, why) -> words.put(nameOf(type), why));
        return words;
    }

    /** {@return what a session offers, by name} */
    static List<String> of(CameraSession session) throws DriverException {
        List<String> offered = new ArrayList<>();
        for (KnownCapabilities known : values()) {
            if (session.capability(known.type).isPresent()) {
                offered.add(known.id);
            }
        }
        return offered;
    }
}

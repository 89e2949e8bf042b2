// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.nxvms.driver.spi.DeviceEvent;

/** What a device's notifications mean to the platform, by topic (Core 9.5, Imaging 6, Device IO 8, Analytics annex A). */
final class Topics {
    private static final int PART_MAX = 50;
    private static final Set<String> SOURCES =
            Set.of("VideoSourceConfigurationToken", "VideoSourceToken", "VideoSource", "Source");

    /**
     * A topic that says something to us.
     *
     * @param path without prefixes; ends with a slash where all below is meant
     * @param kind the platform's word
     * @param data name of the item that is true or false; empty for what happens once
     * @param part what the part's name begins with; the first item of the source follows that tells more than the video source
     */
    private record Known(String path, String kind, String data, String part) {}

    private static final List<Known> KNOWN = List.of(
            new Known("RuleEngine/CellMotionDetector/Motion", DeviceEvent.MOTION, "IsMotion", ""),
            new Known("RuleEngine/MotionRegionDetector/Motion", DeviceEvent.MOTION, "State", ""),
            new Known("VideoSource/MotionAlarm", DeviceEvent.MOTION, "State", "alarm"),
            new Known("RuleEngine/TamperDetector/Tamper", DeviceEvent.TAMPER, "IsTamper", ""),
            new Known("VideoSource/GlobalSceneChange/", DeviceEvent.TAMPER, "State", "scene"),
            new Known("VideoSource/ImageTooDark/", DeviceEvent.TAMPER, "State", "dark"),
            new Known("VideoSource/ImageTooBright/", DeviceEvent.TAMPER, "State", "bright"),
            new Known("VideoSource/ImageTooBlurry/", DeviceEvent.TAMPER, "State", "blurry"),
            new Known("VideoSource/SignalLoss", "onvif.signal_loss", "State", ""),
            new Known("Device/Trigger/DigitalInput", DeviceEvent.INPUT, "LogicalState", "input/"),
            new Known("Device/Trigger/Relay", "onvif.relay", "LogicalState", "output/"),
            new Known("Device/HardwareFailure/StorageFailure", "onvif.storage_failure", "Failed", ""),
            new Known("RuleEngine/FieldDetector/ObjectsInside", "onvif.objects_inside", "IsInside", ""),
            new Known("RuleEngine/LineDetector/Crossed", "onvif.line_crossed", "", ""),
            new Known("RuleEngine/LoiteringDetector/ObjectIsLoitering", "onvif.loitering", "", ""));

    private Topics() {}

    /**
     * {@return what a notification says; nothing where it says nothing to us}
     *
     * @param otherSources tokens of the device's other video sources: what is said of those is not about this camera
     */
    static Optional<DeviceEvent> event(XmlNode notification, Set<String> otherSources) {
        String path = notification.text("Topic").replaceAll("[\\w.-]+:", "");
        Optional<Known> known = KNOWN.stream()
                .filter(one -> one.path().endsWith("/") ? path.startsWith(one.path()) : path.equals(one.path()))
                .findFirst();
        Optional<XmlNode> message = notification.find("Message", "Message");
        if (known.isEmpty() || message.isEmpty() || isOfAnother(message.get(), otherSources)) {
            return Optional.empty();
        }
        String part = part(known.get(), message.get());
        String kind = known.get().kind();
        String operation = message.get().attribute("PropertyOperation");
        if (known.get().data().isEmpty()) {
            return operation.equals("Initialized") ? Optional.empty() : Optional.of(DeviceEvent.pulse(kind, part));
        }
        if (operation.equals("Deleted")) {
            return Optional.of(DeviceEvent.off(kind, part));
        }
        return switch (item(message.get(), "Data", known.get().data()).toLowerCase(Locale.ROOT)) {
            case "true", "1", "active" -> Optional.of(DeviceEvent.on(kind, part));
            case "false", "0", "inactive" -> Optional.of(DeviceEvent.off(kind, part));
            default -> Optional.empty();
        };
    }

    private static List<XmlNode> items(XmlNode message, String group) {
        return message.find(group).map(node -> node.all("SimpleItem")).orElse(List.of());
    }

    private static String item(XmlNode message, String group, String name) {
        return items(message, group).stream()
                .filter(item -> item.attribute("Name").equals(name))
                .map(item -> item.attribute("Value").strip())
                .findFirst()
                .orElse("");
    }

    private static boolean isOfAnother(XmlNode message, Set<String> otherSources) {
        return items(message, "Source").stream()
                .anyMatch(item ->
                        SOURCES.contains(item.attribute("Name")) && otherSources.contains(item.attribute("Value")));
    }

    /** Names come from outside: short, and of harmless characters. */
    private static String part(Known known, XmlNode message) {
        String told = items(message, "Source").stream()
                .filter(item -> !SOURCES.contains(item.attribute("Name"))
                        && !item.attribute("Name").equals("VideoAnalyticsConfigurationToken"))
                .map(item -> item.attribute("Value"))
                .findFirst()
                .orElse("");
        String safe = told.replaceAll("[^A-Za-z0-9._-]", "_");
        return known.part() + (safe.length() <= PART_MAX ? safe : safe.substring(0, PART_MAX));
    }
}

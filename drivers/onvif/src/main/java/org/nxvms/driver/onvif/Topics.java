// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.nxvms.driver.spi.DeviceEvent;

/** What a device's notifications mean to the platform, by topic (Core 9.5, Imaging 6, Device IO 8, Analytics annex A). */
final class Topics {
    private static final int PART_MAX = 50;
    /** Those of the standard have a tenth of that; how long one takes to be read grows with the square of its length. */
    private static final int TOPIC_MAX = 500;

    private static final Set<String> SOURCES =
            Set.of("VideoSourceConfigurationToken", "VideoSourceToken", "VideoSource", "Source");

    private static final List<Topic> KNOWN = List.of(
            new Topic("RuleEngine/CellMotionDetector/Motion", DeviceEvent.MOTION, "IsMotion", ""),
            new Topic("RuleEngine/MotionRegionDetector/Motion", DeviceEvent.MOTION, "State", ""),
            new Topic("VideoSource/MotionAlarm", DeviceEvent.MOTION, "State", "alarm"),
            new Topic("RuleEngine/TamperDetector/Tamper", DeviceEvent.TAMPER, "IsTamper", ""),
            new Topic("VideoSource/GlobalSceneChange/", DeviceEvent.TAMPER, "State", "scene"),
            new Topic("VideoSource/ImageTooDark/", DeviceEvent.TAMPER, "State", "dark"),
            new Topic("VideoSource/ImageTooBright/", DeviceEvent.TAMPER, "State", "bright"),
            new Topic("VideoSource/ImageTooBlurry/", DeviceEvent.TAMPER, "State", "blurry"),
            new Topic("VideoSource/SignalLoss", "onvif.signal_loss", "State", ""),
            new Topic("Device/Trigger/DigitalInput", DeviceEvent.INPUT, "LogicalState", "input/"),
            new Topic("Device/Trigger/Relay", "onvif.relay", "LogicalState", "output/"),
            new Topic("Device/HardwareFailure/StorageFailure", "onvif.storage_failure", "Failed", ""),
            new Topic("RuleEngine/FieldDetector/ObjectsInside", "onvif.objects_inside", "IsInside", ""),
            new Topic("RuleEngine/LineDetector/Crossed", "onvif.line_crossed", "", ""),
            new Topic("RuleEngine/LoiteringDetector/ObjectIsLoitering", "onvif.loitering", "", ""));

    private static final int KEY_MAX = 200;

    /**
     * What a notification says.
     *
     * @param key of which of several objects; empty where there is one
     * @param initialized whether it was said because states were asked for
     */
    record Told(DeviceEvent event, String key, boolean initialized) {}

    private Topics() {}

    /**
     * {@return what a notification says; nothing where it says nothing to us}
     *
     * @param otherSources tokens of the device's other video sources: what is said of those is not about this camera
     * @param ofDevice what this device's own topics mean; where one of them is meant, the usual meaning does not count
     */
    static List<DeviceEvent> events(XmlNode notification, Set<String> otherSources, List<Topic> ofDevice) {
        return told(notification, otherSources, ofDevice).stream()
                .map(Told::event)
                .toList();
    }

    /** As {@link #events}, with the object that it is about. */
    static List<Told> told(XmlNode notification, Set<String> otherSources, List<Topic> ofDevice) {
        String topicTold = notification.text("Topic");
        if (topicTold.length() > TOPIC_MAX) {
            return List.of();
        }
        String path = topicTold.replaceAll("[\\w.-]+:", "");
        Optional<XmlNode> message = notification.find("Message", "Message");
        if (message.isEmpty() || isOfAnother(message.get(), otherSources)) {
            return List.of();
        }
        List<Topic> own = ofDevice.stream().filter(topic -> topic.is(path)).toList();
        List<Topic> meant = own.isEmpty()
                ? KNOWN.stream().filter(topic -> topic.is(path)).limit(1).toList()
                : own;
        String key = key(message.get());
        boolean initialized = message.get().attribute("PropertyOperation").equals("Initialized");
        return meant.stream()
                .flatMap(topic -> event(topic, path, message.get()).stream())
                .map(event -> new Told(event, key, initialized))
                .toList();
    }

    private static Optional<DeviceEvent> event(Topic topic, String path, XmlNode message) {
        String part = part(topic, message) + teller(topic, path);
        String operation = message.attribute("PropertyOperation");
        if (topic.data().isEmpty()) {
            // On many devices it is a property, whose end is told, too.
            return operation.equals("Initialized") || operation.equals("Deleted") || isFalse(message)
                    ? Optional.empty()
                    : Optional.of(DeviceEvent.pulse(topic.kind(), part));
        }
        if (operation.equals("Deleted")) {
            return Optional.of(DeviceEvent.off(topic.kind(), part));
        }
        return switch (item(message, "Data", topic.data()).toLowerCase(Locale.ROOT)) {
            case "true", "1", "active" -> Optional.of(DeviceEvent.on(topic.kind(), part));
            case "false", "0", "inactive" -> Optional.of(DeviceEvent.off(topic.kind(), part));
            default -> Optional.empty();
        };
    }

    private static String key(XmlNode message) {
        String key = items(message, "Key").stream()
                .limit(10)
                .map(item -> item.attribute("Name") + "=" + item.attribute("Value"))
                .collect(Collectors.joining(" "));
        return key.substring(0, Math.min(key.length(), KEY_MAX));
    }

    private static boolean isFalse(XmlNode message) {
        return items(message, "Data").stream()
                .map(item -> item.attribute("Value").strip().toLowerCase(Locale.ROOT))
                .anyMatch("false"::equals);
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

    /** {@return which of several services says it, each of which has a state of its own}; nothing for the usual one. */
    private static String teller(Topic topic, String path) {
        String word = topic.path().endsWith("/") ? path.substring(topic.path().length()) : "";
        return word.isEmpty() || word.equals("ImagingService") ? "" : "/" + safe(word);
    }

    private static String part(Topic topic, XmlNode message) {
        String told = items(message, "Source").stream()
                .filter(item -> !SOURCES.contains(item.attribute("Name"))
                        && !item.attribute("Name").equals("VideoAnalyticsConfigurationToken"))
                .map(item -> item.attribute("Value"))
                .findFirst()
                .orElse("");
        return topic.part() + safe(told);
    }

    /** {@return a device's name as part of ours}: short, and of harmless characters. */
    static String safe(String told) {
        String safe = told.replaceAll("[^A-Za-z0-9._-]", "_");
        return safe.length() <= PART_MAX ? safe : safe.substring(0, PART_MAX);
    }
}

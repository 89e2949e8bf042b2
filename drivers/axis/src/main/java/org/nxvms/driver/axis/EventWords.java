// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.nxvms.driver.spi.DeviceEvent;

/** What a camera's notifications mean to the platform. */
final class EventWords {
    /** What is asked for; {@code //.} stands for all below. */
    static final List<String> TOPICS = List.of(
            "tnsaxis:CameraApplicationPlatform/VMD//.",
            "tns1:VideoAnalytics/tnsaxis:MotionDetection//.",
            "tns1:VideoSource/tnsaxis:Tampering//.",
            "tns1:Device/tnsaxis:IO//.",
            "tns1:UserAlarm/tnsaxis:Recurring//.");

    private static final int PART_MAX = 64;

    private EventWords() {}

    /**
     * {@return what a notification says; nothing where it says nothing to us}
     *
     * @param outputs ids of the ports that are outputs; empty where nobody knows: then ports are left out, for an output that
     *     is taken for an input might set off a rule
     */
    static Optional<DeviceEvent> event(Object notification, Optional<Set<String>> outputs) {
        String topic = JsonTree.text(notification, "topic");
        String last = part(topic.substring(topic.lastIndexOf('/') + 1));
        if (topic.startsWith("tnsaxis:CameraApplicationPlatform/VMD/")) {
            return state(DeviceEvent.MOTION, last, notification, "active");
        }
        if (topic.startsWith("tns1:VideoAnalytics/tnsaxis:MotionDetection")) {
            return state(DeviceEvent.MOTION, "window-" + part(source(notification, "window")), notification, "motion");
        }
        if (topic.startsWith("tns1:VideoSource/tnsaxis:Tampering")) {
            return Optional.of(DeviceEvent.pulse("axis.tampering", part(source(notification, "channel"))));
        }
        if (topic.equals("tns1:Device/tnsaxis:IO/Port")) {
            String port = part(source(notification, "port"));
            return outputs.flatMap(known -> known.contains(port)
                    ? state("axis.output", "output/" + port, notification, "state")
                    : state(DeviceEvent.INPUT, "input/" + port, notification, "state"));
        }
        if (topic.equals("tns1:Device/tnsaxis:IO/VirtualInput")) {
            return state("axis.virtual_input", "virtual/" + part(source(notification, "port")), notification, "active");
        }
        return topic.startsWith("tns1:UserAlarm/tnsaxis:Recurring/")
                ? Optional.of(DeviceEvent.pulse("axis.pulse", part(source(notification, "id"))))
                : Optional.empty();
    }

    private static String source(Object notification, String name) {
        return JsonTree.text(notification, "message", "source", name);
    }

    /** Names come from outside: short, and of harmless characters. */
    private static String part(String text) {
        String safe = text.replaceAll("[^A-Za-z0-9._-]", "_");
        return safe.length() <= PART_MAX ? safe : safe.substring(0, PART_MAX);
    }

    private static Optional<DeviceEvent> state(String kind, String part, Object notification, String name) {
        return switch (JsonTree.text(notification, "message", "data", name)) {
            case "1", "true" -> Optional.of(DeviceEvent.on(kind, part));
            case "0", "false" -> Optional.of(DeviceEvent.off(kind, part));
            default -> Optional.empty();
        };
    }
}

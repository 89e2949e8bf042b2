// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.onvif;

import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.DeviceState;
import org.nxvms.simulator.device.Ports;

/** States of a device in ONVIF's words (Core 9.4). */
final class OnvifMessages {
    /**
     * One notification.
     *
     * @param operation {@code Initialized}, {@code Changed} or {@code Deleted} (Core 9.4.3)
     */
    record Notice(DeviceState state, String operation) {}

    private OnvifMessages() {}

    /** {@return what a state is in ONVIF's words; nothing for what those have no word for} */
    static String message(Device device, Notice notice) {
        DeviceState state = notice.state();
        return switch (state.kind()) {
            case MOTION ->
                message(
                        notice,
                        "tns1:RuleEngine/CellMotionDetector/Motion",
                        item("VideoSourceConfigurationToken", "source_configuration_1")
                                + item("VideoAnalyticsConfigurationToken", "analytics_1")
                                + item("Rule", "MyMotionDetectorRule"),
                        item("IsMotion", Boolean.toString(state.active())));
            case PORT -> {
                Ports.Port port = device.ports().list().get(state.part());
                yield port.output()
                        ? message(
                                notice,
                                "tns1:Device/Trigger/Relay",
                                item("RelayToken", "relay_" + state.part()),
                                item("LogicalState", state.active() ? "active" : "inactive"))
                        : message(
                                notice,
                                "tns1:Device/Trigger/DigitalInput",
                                item("InputToken", "input_" + state.part()),
                                item("LogicalState", Boolean.toString(state.active())));
            }
            default -> "";
        };
    }

    private static String item(String name, String value) {
        return "<tt:SimpleItem Name=\"" + name + "\" Value=\"" + value + "\"/>";
    }

    private static String message(Notice notice, String topic, String source, String data) {
        return "<wsnt:NotificationMessage><wsnt:Topic"
                + " Dialect=\"http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet\">" + topic
                + "</wsnt:Topic><wsnt:Message><tt:Message UtcTime=\""
                + notice.state().at()
                + "\" PropertyOperation=\"" + notice.operation() + "\"><tt:Source>" + source
                + "</tt:Source><tt:Data>" + data + "</tt:Data></tt:Message></wsnt:Message></wsnt:NotificationMessage>";
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.vapix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.device.DeviceState;
import org.nxvms.simulator.fault.FaultKind;

/** The event stream: states first, then changes; and how it fails. */
class VapixEventsTest extends VapixScene {
    private static final String MOTION = VapixEvents.MOTION_TOPIC;

    @AfterEach
    void quiet() {
        device.events().set(DeviceState.Kind.MOTION, 0, false);
    }

    @Test
    void aClientLearnsEveryStateThenEachChange() throws Exception {
        device.ports().set(1, true);
        try (VapixClient.Events events =
                client.subscribe("tns1:Device/tnsaxis:IO//.", MOTION, VapixEvents.PULSE_TOPIC)) {
            assertThat(events.next().toString())
                    .isEqualTo(
                            "{\"apiVersion\":\"1.0\",\"context\":\"c\",\"method\":\"events:configure\",\"data\":{}}");
            assertThat(events.next(6))
                    .containsExactlyInAnyOrder(
                            "Camera1Profile1{}{\"active\":\"0\"}",
                            "VirtualInput{\"port\":\"1\"}{\"active\":\"0\"}",
                            "Port{\"port\":\"0\"}{\"state\":\"0\"}",
                            "Port{\"port\":\"1\"}{\"state\":\"1\"}",
                            "Port{\"port\":\"2\"}{\"state\":\"0\"}",
                            "Port{\"port\":\"3\"}{\"state\":\"0\"}");
            device.events().set(DeviceState.Kind.MOTION, 0, true);
            device.events().set(DeviceState.Kind.MOTION, 0, true);
            device.events().set(DeviceState.Kind.MOTION, 0, false);
            device.ports().set(1, false);
            device.events().pulse(4);
            assertThat(events.next(4))
                    .containsExactly(
                            "Camera1Profile1{}{\"active\":\"1\"}",
                            "Camera1Profile1{}{\"active\":\"0\"}",
                            "Port{\"port\":\"1\"}{\"state\":\"0\"}",
                            "Pulse{\"id\":\"simulator.pulse.4\"}{}");
            assertThat(client.text("/axis-cgi/virtualinput/activate.cgi?schemaversion=1&port=1"))
                    .contains("<StateChanged>true</StateChanged>");
            assertThat(events.next(1)).containsExactly("VirtualInput{\"port\":\"1\"}{\"active\":\"1\"}");
            assertThat(client.text("/axis-cgi/virtualinput/deactivate.cgi?schemaversion=1&port=1"))
                    .contains("<DeactivateSuccess>");
            assertThat(events.ping(30_000)).isTrue();
        }
    }

    @Test
    void onlyWhatWasAskedForIsTold() throws Exception {
        try (VapixClient.Events events = client.subscribe(VapixEvents.VIRTUAL_INPUT_TOPIC)) {
            events.next();
            assertThat(events.next(1)).containsExactly("VirtualInput{\"port\":\"1\"}{\"active\":\"0\"}");
            device.events().set(DeviceState.Kind.MOTION, 0, true);
            assertThat(events.nothingFor(300)).isTrue();
            events.send("{\"method\":\"events:configure\",\"params\":{}}");
            assertThat(events.next().at("/error/code").asInt()).isEqualTo(2103);
            events.send("{\"method\":\"events:configure\",\"params\":{\"eventFilterList\":[{\"topicFilter\":\"" + MOTION
                    + "\"}]}}");
            events.next();
            assertThat(events.next(1)).as("asked anew").containsExactly("Camera1Profile1{}{\"active\":\"1\"}");
        }
    }

    @Test
    void eventsStuck() throws Exception {
        camera.set(FaultKind.EVENTS_STUCK);
        try (VapixClient.Events events = client.subscribe(MOTION)) {
            events.next();
            events.next(1);
            device.events().set(DeviceState.Kind.MOTION, 0, true);
            device.events().set(DeviceState.Kind.MOTION, 0, false);
            assertThat(events.next(1)).containsExactly("Camera1Profile1{}{\"active\":\"1\"}");
            assertThat(events.nothingFor(300)).as("the end is not told").isTrue();
        }
        try (VapixClient.Events events = client.subscribe(MOTION)) {
            events.next();
            assertThat(events.next(1)).as("who asks learns it").containsExactly("Camera1Profile1{}{\"active\":\"0\"}");
        }
    }

    @Test
    void eventsSilent() throws Exception {
        try (VapixClient.Events events = client.subscribe(MOTION)) {
            events.next();
            events.next(1);
            camera.set(FaultKind.EVENTS_SILENT);
            device.events().set(DeviceState.Kind.MOTION, 0, true);
            assertThat(events.nothingFor(300)).isTrue();
            assertThat(events.ping(300)).isFalse();
        }
    }

    @Test
    void eventStorm() throws Exception {
        try (VapixClient.Events events = client.subscribe(MOTION)) {
            events.next();
            events.next(1);
            long start = System.nanoTime();
            camera.set(FaultKind.EVENT_STORM.fault(1000));
            List<String> storm = events.next(2000);
            assertThat((System.nanoTime() - start) / 1e9).isGreaterThan(1.5);
            assertThat(storm.get(0)).isNotEqualTo(storm.get(1));
            device.events().set(DeviceState.Kind.MOTION, 0, true);
            camera.clearFaults();
            String last = "";
            long end = System.nanoTime() + 30_000_000_000L;
            // However long the device takes to say the last of it.
            for (String text = events.poll(1000);
                    text != null || !last.contains("\"active\":\"1\"");
                    text = events.poll(1000)) {
                last = text == null ? last : text;
                assertThat(System.nanoTime())
                        .as("the storm ends as it really is, not with " + last)
                        .isLessThan(end);
            }
        }
    }

    @Test
    void sessionLimit() throws Exception {
        try (VapixClient.Events first = client.subscribe(MOTION)) {
            first.next();
            first.next(1);
            camera.set(FaultKind.SESSION_LIMIT.fault(1));
            assertThat(client.get(VapixClient.EVENTS).statusCode()).isEqualTo(503);
            assertThatThrownBy(client::open).hasStackTraceContaining("WebSocketHandshakeException");
            camera.clearFaults();
            client.open().close();
        }
    }
}

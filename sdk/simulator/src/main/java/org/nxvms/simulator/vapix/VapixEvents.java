// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.vapix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.DeviceState;
import org.nxvms.simulator.device.EventTeller;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.http.WebSocketLink;

/**
 * The event stream, {@code /vapix/ws-data-stream?sources=events}: a client configures topics, gets every state it asked
 * for, then what changes. One instance holds one link.
 */
final class VapixEvents {
    static final String MOTION_TOPIC = "tnsaxis:CameraApplicationPlatform/VMD/Camera1Profile1";
    static final String PORT_TOPIC = "tns1:Device/tnsaxis:IO/Port";
    static final String VIRTUAL_INPUT_TOPIC = "tns1:Device/tnsaxis:IO/VirtualInput";
    static final String PULSE_TOPIC = "tns1:UserAlarm/tnsaxis:Recurring/Pulse";

    private static final int FILTERS_MAX = 50;

    private final Device device;
    private final WebSocketLink link;
    private final AtomicReference<Writer> writer = new AtomicReference<>();

    VapixEvents(Device device, WebSocketLink link) {
        this.device = device;
        this.link = link;
    }

    /** Reads until the client leaves. */
    void hold() throws IOException, InterruptedException {
        try {
            for (Optional<String> text = link.read(); text.isPresent(); text = link.read()) {
                configure(text.get());
            }
        } finally {
            Optional.ofNullable(writer.getAndSet(null)).ifPresent(Writer::end);
        }
    }

    private void configure(String text) throws IOException, InterruptedException {
        List<String> topics = new ArrayList<>();
        boolean[] taken = new boolean[1];
        String answer = VapixJson.answer(text.getBytes(StandardCharsets.UTF_8), Map.of("events:configure", params -> {
            topics.addAll(topics(params));
            taken[0] = true;
            return VapixJson.JSON.createObjectNode();
        }));
        if (device.faults().has(FaultKind.EVENTS_SILENT)) {
            return;
        }
        link.send(answer);
        if (taken[0]) {
            Writer next = new Writer(topics);
            Optional.ofNullable(writer.getAndSet(next)).ifPresent(Writer::end);
            next.start();
        }
    }

    private static List<String> topics(JsonNode params) throws VapixJson.Refused {
        JsonNode filters = params.path("eventFilterList");
        if (!filters.isArray() || filters.isEmpty()) {
            throw VapixJson.Refused.missing("eventFilterList");
        }
        if (filters.size() > FILTERS_MAX) {
            throw VapixJson.Refused.invalid("eventFilterList", "has more than " + FILTERS_MAX + " filters");
        }
        List<String> topics = new ArrayList<>();
        for (JsonNode filter : filters) {
            if (filter.has("contentFilter")) {
                throw VapixJson.Refused.invalid("contentFilter", "is not part of this simulation");
            }
            if (!filter.path("topicFilter").isTextual()) {
                throw VapixJson.Refused.missing("topicFilter");
            }
            topics.add(filter.get("topicFilter").textValue());
        }
        return topics;
    }

    /** Whether a topic passes a filter: the topic itself, one above it followed by {@code //.}, or nothing for all. */
    static boolean passes(String topic, String filter) {
        if (filter.isEmpty() || filter.equals("//.")) {
            return true;
        }
        return filter.endsWith("//.")
                ? topic.startsWith(filter.substring(0, filter.length() - 3) + "/")
                : topic.equals(filter);
    }

    static String topic(DeviceState.Kind kind) {
        return switch (kind) {
            case MOTION -> MOTION_TOPIC;
            case PORT -> PORT_TOPIC;
            case VIRTUAL_INPUT -> VIRTUAL_INPUT_TOPIC;
            case PULSE -> PULSE_TOPIC;
        };
    }

    private static String notification(DeviceState state) {
        ObjectNode root = VapixJson.JSON.createObjectNode();
        root.put("apiVersion", "1.0").put("method", "events:notify");
        ObjectNode notification = root.putObject("params").putObject("notification");
        notification
                .put("topic", topic(state.kind()))
                .put("timestamp", state.at().toEpochMilli());
        ObjectNode message = notification.putObject("message");
        ObjectNode source = message.putObject("source");
        message.putObject("key");
        ObjectNode data = message.putObject("data");
        String active = state.active() ? "1" : "0";
        switch (state.kind()) {
            case MOTION -> data.put("active", active);
            case PORT -> {
                source.put("port", Integer.toString(state.part()));
                data.put("state", active);
            }
            case VIRTUAL_INPUT -> {
                source.put("port", Integer.toString(state.part() + 1));
                data.put("active", active);
            }
            case PULSE -> source.put("id", "simulator.pulse." + state.part());
        }
        return root.toString();
    }

    /** Sends what the client has asked for, on a thread of its own, until it asks anew or leaves. */
    private final class Writer implements Runnable {
        private final List<String> topics;
        private final Thread thread = new Thread(this, "simulator-vapix-events");

        Writer(List<String> topics) {
            this.topics = topics;
        }

        void start() {
            thread.setDaemon(true);
            thread.start();
        }

        void end() {
            thread.interrupt();
        }

        @Override
        public void run() {
            try {
                new EventTeller(device, this::send).tell();
                link.drop();
            } catch (IOException | InterruptedException left) {
                // the client left, or asked anew
            }
        }

        private void send(DeviceState state) throws IOException, InterruptedException {
            String topic = topic(state.kind());
            if (topics.stream().anyMatch(filter -> passes(topic, filter))) {
                link.send(notification(state));
            }
        }
    }
}

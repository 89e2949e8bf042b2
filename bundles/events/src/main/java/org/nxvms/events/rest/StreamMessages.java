// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.nxvms.platform.api.event.Event;
import org.nxvms.rest.kit.json.Json;

/** Server-sent events as text (WHATWG HTML, 9.2.5). JSON is written on one line, so that a message has one data field. */
final class StreamMessages {
    private static final ObjectMapper JSON = Json.mapper();
    private static final int RETRY_MS = 2_000;

    private final StringBuilder text = new StringBuilder(1_024);

    /** The first message: where the stream stands, and how long a client waits before it comes again. */
    StreamMessages open(long sequence) {
        text.append("retry: ").append(RETRY_MS).append('\n');
        return message("open", sequence, Map.of("sequence", sequence));
    }

    StreamMessages event(Event event) {
        return message("event", event.sequence(), EventView.of(event));
    }

    /** Older changes are gone: the client reads the list again. */
    StreamMessages reset(long sequence, String detail) {
        return message("reset", sequence, Map.of("detail", detail));
    }

    /** The server closes. The position stays that of the last message. */
    StreamMessages end(String reason, String detail) {
        text.append("event: end\ndata: ")
                .append(json(Map.of("reason", reason, "detail", detail)))
                .append("\n\n");
        return this;
    }

    /** No message to the client's script: keeps the connection alive and the client's position new. */
    StreamMessages heartbeat(long sequence) {
        text.append(": heartbeat\nid: ").append(sequence).append("\n\n");
        return this;
    }

    private StreamMessages message(String type, long sequence, Object data) {
        text.append("id: ")
                .append(sequence)
                .append("\nevent: ")
                .append(type)
                .append("\ndata: ")
                .append(json(data))
                .append("\n\n");
        return this;
    }

    int length() {
        return text.length();
    }

    byte[] bytes() {
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a message cannot be written as JSON", e);
        }
    }
}

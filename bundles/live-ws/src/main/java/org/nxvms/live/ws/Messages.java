// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.nxvms.media.StreamRole;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.live.LiveFormat;
import org.nxvms.rest.kit.json.Json;

/** The text messages. */
final class Messages {
    private Messages() {}

    static String init(LiveFormat format, StreamRole role, long nowMs) {
        ObjectNode message = message("init");
        message.put("codecs", format.sent().codecs());
        message.put("width", format.sent().video().map(TrackFormat::width).orElse(0));
        message.put("height", format.sent().video().map(TrackFormat::height).orElse(0));
        message.put("initId", format.initId());
        message.put("run", format.run());
        message.put("hasAudio", format.hasAudio());
        message.put("stream", role.id());
        message.put("serverTimeMs", nowMs);
        return message.toString();
    }

    static String drop(long skipped) {
        return message("drop").put("skipped", skipped).toString();
    }

    static String waiting(String cause, String detail) {
        return message("waiting").put("cause", cause).put("detail", detail).toString();
    }

    static String ping(long nowMs) {
        return message("ping").put("serverTimeMs", nowMs).toString();
    }

    static String talking() {
        return message("talking").toString();
    }

    static String late(long frames) {
        return message("late").put("frames", frames).toString();
    }

    private static ObjectNode message(String type) {
        return Json.mapper().createObjectNode().put("type", type);
    }

    /**
     * Does what a viewer's message says.
     *
     * @throws IllegalArgumentException when it says nothing known; the message is for the viewer
     */
    static void apply(String text, Viewer viewer) {
        JsonNode message;
        try {
            message = Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a message must be a JSON object", e);
        }
        String type = message.path("type").asText("");
        switch (type) {
            case "stream" ->
                viewer.wishStream(StreamRole.of(message.path("stream").asText("")));
            case "pause" -> viewer.wishPause(true);
            case "resume" -> viewer.wishPause(false);
            default -> throw new IllegalArgumentException("type must be \"stream\", \"pause\" or \"resume\"");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;
import org.nxvms.media.StreamId;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.live.LiveFormat;
import org.nxvms.rest.kit.json.Json;

/** The text messages. */
final class Messages {
    private static final String NO_CAMERA = "cameraId must be the id of a camera";

    private Messages() {}

    /** @param channel number that stands before its media where several cameras come over one socket */
    static ObjectNode init(LiveFormat format, String stream, int channel) {
        ObjectNode message = message("init");
        message.put("codecs", format.sent().codecs());
        message.put("width", format.sent().video().map(TrackFormat::width).orElse(0));
        message.put("height", format.sent().video().map(TrackFormat::height).orElse(0));
        message.put("initId", format.initId());
        message.put("run", format.run());
        message.put("hasAudio", format.hasAudio());
        message.put("stream", stream);
        message.put("channel", channel);
        message.put("serverTimeMs", System.currentTimeMillis());
        return message;
    }

    static ObjectNode drop(long skipped) {
        return message("drop").put("skipped", skipped);
    }

    static ObjectNode waiting(String cause, String detail) {
        return message("waiting").put("cause", cause).put("detail", detail);
    }

    static ObjectNode ping(long nowMs) {
        return message("ping").put("serverTimeMs", nowMs);
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

    /** Of a camera that ends while the socket goes on, with what would else be the code of the socket's end. */
    static ObjectNode closed(int code, String reason) {
        return message("closed").put("code", code).put("reason", reason);
    }

    /** @throws IllegalArgumentException when it is none; the message is for the viewer, as of all here */
    static JsonNode read(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("a message must be a JSON object", e);
        }
    }

    static String type(JsonNode message) {
        return message.path("type").asText("");
    }

    static StreamId stream(UUID camera, JsonNode message) {
        return message.has("stream")
                ? StreamId.of(camera, message.path("stream").asText(""))
                : StreamId.main(camera);
    }

    static UUID camera(JsonNode message) {
        String id = message.path("cameraId").asText("");
        try {
            if (id.length() == 36) {
                return UUID.fromString(id);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(NO_CAMERA, e);
        }
        throw new IllegalArgumentException(NO_CAMERA);
    }

    /** Does what a viewer's message says. */
    static void apply(JsonNode message, Viewer viewer) {
        switch (type(message)) {
            case "stream" ->
                viewer.wishStream(
                        StreamId.of(viewer.cameraId(), message.path("stream").asText("")));
            case "pause" -> viewer.wishPause(true);
            case "resume" -> viewer.wishPause(false);
            default -> throw new IllegalArgumentException("type must be \"stream\", \"pause\" or \"resume\"");
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.rest.kit.json.Json;
import org.nxvms.rest.kit.problem.Problem;

/**
 * A change of a camera as JSON merge patch (RFC 7396): what is given replaces, {@code null} takes away,
 * what is left out stays. The stored password stays unless a new one is given, the user name is taken
 * away, or the password is set to null.
 */
final class CameraMerge {
    private static final Set<String> FIELDS = Set.of(
            "name",
            "driver",
            "address",
            "url",
            "subAddress",
            "credentials",
            "username",
            "password",
            "enabled",
            "group",
            "settings",
            "recording");
    private static final Set<String> RECORDING = Set.of(
            "mode",
            "streams",
            "retentionDaysMax",
            "streamModes",
            "schedule",
            "eventKinds",
            "preBufferSeconds",
            "postBufferSeconds",
            "retentionDaysMin",
            "volumes",
            "backup",
            "fillGaps");
    private static final Set<String> CREDENTIALS = Set.of("username", "password");

    private CameraMerge() {}

    /** @throws org.nxvms.rest.kit.problem.ProblemException naming the field that is unknown or unreadable */
    static CameraBody apply(Camera camera, ObjectNode patch) {
        checkNames("", patch, FIELDS);
        checkNames("recording.", patch.get("recording"), RECORDING);
        checkNames("credentials.", patch.get("credentials"), CREDENTIALS);
        ObjectNode change = patch.deepCopy();
        ObjectNode merged = toJson(camera);
        if (change.has("url")) {
            if (change.has("address")) {
                throw Problem.malformed("url", "\"url\" is another word for \"address\". Give one of them.")
                        .exception();
            }
            change.set("address", change.remove("url"));
        }
        flattenCredentials(change);
        boolean passwordTaken = change.has("password") && change.get("password").isNull();
        merge(merged, change);
        if (passwordTaken && merged.has("username")) {
            merged.put("password", "");
        }
        try {
            return (CameraBody)
                    Json.readBody(new ByteArrayInputStream(Json.mapper().writeValueAsBytes(merged)), CameraBody.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkNames(String prefix, JsonNode node, Set<String> known) {
        if (node == null || !node.isObject()) {
            return;
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!known.contains(field.getKey())) {
                throw Problem.malformed(
                                prefix + field.getKey(),
                                "\"" + prefix + field.getKey()
                                        + "\" is not a field that can be changed here. Known are: "
                                        + String.join(
                                                ", ", known.stream().sorted().toList()) + ".")
                        .exception();
            }
        }
    }

    private static void flattenCredentials(ObjectNode change) {
        JsonNode credentials = change.remove("credentials");
        if (credentials == null) {
            return;
        }
        if (credentials.isNull()) {
            change.putNull("username");
        } else if (!credentials.isObject()) {
            throw Problem.malformed("credentials", "\"credentials\" must be an object.")
                    .exception();
        } else {
            for (Map.Entry<String, JsonNode> part : credentials.properties()) {
                if (change.has(part.getKey())) {
                    throw Problem.malformed(
                                    "credentials." + part.getKey(),
                                    "\"" + part.getKey() + "\" is given twice. Give it once.")
                            .exception();
                }
                change.set(part.getKey(), part.getValue());
            }
        }
    }

    private static void merge(ObjectNode target, ObjectNode change) {
        for (Map.Entry<String, JsonNode> field : change.properties()) {
            JsonNode value = field.getValue();
            if (value.isNull()) {
                target.remove(field.getKey());
            } else if (value instanceof ObjectNode inner) {
                // Also where there was nothing yet: a null within it takes away, it is never a value.
                merge(
                        target.get(field.getKey()) instanceof ObjectNode there
                                ? there
                                : target.putObject(field.getKey()),
                        inner);
            } else {
                target.set(field.getKey(), value);
            }
        }
    }

    private static ObjectNode toJson(Camera camera) {
        ObjectNode json = Json.mapper()
                .createObjectNode()
                .put("name", camera.name())
                .put("driver", camera.driver())
                .put("address", camera.address().toString())
                .put("enabled", camera.enabled());
        camera.subAddress().ifPresent(sub -> json.put("subAddress", sub.toString()));
        camera.username().ifPresent(username -> json.put("username", username));
        camera.group().ifPresent(group -> json.put("group", group));
        ObjectNode settings = json.putObject("settings");
        camera.settings().forEach(settings::put);
        json.set("recording", Json.mapper().valueToTree(CameraView.Recording.of(camera.recording())));
        return json;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.nxvms.cameras.book.SealedSettings;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.rest.kit.jaxrs.AuditFields;
import org.nxvms.rest.kit.json.Json;

/** What the audit is told of cameras: by field, and of what is secret only that it is another one. */
final class CameraNotes {
    private static final String CHANGED = "changed";
    private static final String PASSWORD = "password";
    private static final String SETTINGS = "settings.";
    /** A host alone, or with a port: it holds no password. */
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9._-]{1,253}(:\\d{1,5})?|\\[?[0-9A-Fa-f:.]{2,45}]?(:\\d{1,5})?");

    private CameraNotes() {}

    static String subject(UUID id) {
        return "camera/" + id;
    }

    /** {@return of a camera that was added, or is removed: which one it is} */
    static Map<String, String> who(Camera camera) {
        Map<String, String> fields = new TreeMap<>();
        fields.put("name", camera.name());
        fields.put("driver", camera.driver());
        fields.put("address", shown(camera.address()));
        camera.group().ifPresent(group -> fields.put("group", group));
        return fields;
    }

    /** {@return of a camera that somebody wants added or tried: as far as it is no secret and can be read} */
    static Map<String, String> wished(CameraBody body) {
        Map<String, String> fields = new TreeMap<>();
        body.name().ifPresent(name -> fields.put("name", name));
        body.driver().ifPresent(driver -> fields.put("driver", driver));
        body.group().ifPresent(group -> fields.put("group", group));
        body.address().or(body::url).flatMap(CameraNotes::readable).ifPresent(url -> fields.put("address", url));
        return fields;
    }

    /** Nothing of an address whose password is not where one can tell it from the rest: it may hold @, / and #. */
    static Optional<String> readable(String address) {
        if (HOST.matcher(address.strip()).matches()) {
            return Optional.of(address.strip());
        }
        try {
            URI uri = new URI(address.strip());
            long signs = address.chars().filter(c -> c == '@').count();
            return uri.getHost() != null && signs == (uri.getUserInfo() == null ? 0 : 1)
                    ? Optional.of(shown(new URI(
                            uri.getScheme(), null, uri.getHost(), uri.getPort(), uri.getPath(), uri.getQuery(), null)))
                    : Optional.empty();
        } catch (URISyntaxException notRead) {
            return Optional.empty();
        }
    }

    /** {@return of a camera that was changed: what is another than before} */
    static AuditFields change(Camera before, Camera after, ObjectNode patch) {
        AuditFields fields = AuditFields.changed(subject(after.id()), all(before), all(after));
        Map<String, String> told = new TreeMap<>(fields.after());
        if (!before.address().equals(after.address())) {
            told.putIfAbsent("address", shown(after.address()) + " (another query)");
        }
        if (patch.has(PASSWORD) || patch.path("credentials").has(PASSWORD)) {
            told.put(PASSWORD, after.hasPassword() ? CHANGED : "removed");
        }
        SealedSettings.names(after.settings()).stream()
                .filter(name ->
                        !after.settings().get(name).equals(before.settings().get(name)))
                .forEach(name -> told.put(SETTINGS + name, CHANGED));
        return new AuditFields(fields.subject(), fields.before(), told);
    }

    private static Map<String, String> all(Camera camera) {
        Map<String, String> fields = new TreeMap<>(who(camera));
        camera.subAddress().ifPresent(address -> fields.put("subAddress", shown(address)));
        camera.username().ifPresent(name -> fields.put("username", name));
        fields.put("enabled", Boolean.toString(camera.enabled()));
        SealedSettings.readable(camera.settings()).forEach((name, value) -> fields.put(SETTINGS + name, value));
        SealedSettings.names(camera.settings()).forEach(name -> fields.put(SETTINGS + name, "set"));
        JsonNode recording = Json.mapper().valueToTree(CameraView.Recording.of(camera.recording()));
        for (Map.Entry<String, JsonNode> field : recording.properties()) {
            JsonNode value = field.getValue();
            fields.put("recording." + field.getKey(), value.isTextual() ? value.asText() : value.toString());
        }
        return fields;
    }

    /** Some cameras take a password in the query. */
    static String shown(URI address) {
        String text = address.toString();
        return Optional.ofNullable(address.getRawQuery())
                .map(query -> text.substring(0, text.indexOf('?')) + "?...")
                .orElse(text);
    }
}

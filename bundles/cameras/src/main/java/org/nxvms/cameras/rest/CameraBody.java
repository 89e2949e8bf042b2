// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.rest.kit.problem.Problem;

/** A camera's configuration as callers send it. */
@Schema(
        name = "CameraDraft",
        example = "{\"name\":\"Gate north\",\"driver\":\"rtsp\",\"address\":\"rtsp://192.0.2.10:554/stream1\","
                + "\"username\":\"viewer\",\"password\":\"Correct-horse-7-battery\"}")
public record CameraBody(
        @Schema(description = "1..100 characters; need not be unique", example = "Gate north") Optional<String> name,
        @Schema(description = "Id of an installed driver", example = "rtsp") Optional<String> driver,
        @Schema(description = "Where the camera is", example = "rtsp://192.0.2.10:554/stream1")
                Optional<String> address,
        @Schema(description = "Another word for address") Optional<String> url,
        @Schema(description = "Address of the sub stream, for drivers that ask for one") Optional<String> subAddress,
        Optional<CredentialsBody> credentials,
        Optional<String> username,
        @Schema(description = "Stored sealed, never given out", accessMode = Schema.AccessMode.WRITE_ONLY)
                Optional<String> password,
        @Schema(description = "true when left out") Optional<Boolean> enabled,
        @Schema(description = "1..100 characters") Optional<String> group,
        @Schema(description = "Settings of the driver by name") Optional<Map<String, String>> settings,
        Optional<RecordingBody> recording) {

    /** User name and password; the same as {@code username} and {@code password} beside them. */
    @Schema(name = "CameraCredentials")
    public record CredentialsBody(
            Optional<String> username, @Schema(accessMode = Schema.AccessMode.WRITE_ONLY) Optional<String> password) {
        /** Shows no password. */
        @Override
        public String toString() {
            return "CredentialsBody[" + username.orElse("") + "]";
        }
    }

    /** Shows no password. */
    @Override
    public String toString() {
        return "CameraBody[" + name.orElse("") + "]";
    }

    /**
     * The draft this body describes.
     *
     * @param defaultName when no name was given; empty refuses that
     * @throws org.nxvms.rest.kit.problem.ProblemException naming the field that is missing or unreadable
     */
    CameraDraft draft(Optional<String> defaultName) {
        return new CameraDraft(
                given("name", name.or(() -> defaultName)),
                given("driver", driver),
                uri(url.isPresent() ? "url" : "address", given("address", addressOrUrl())),
                subAddress.filter(text -> !text.isBlank()).map(text -> uri("subAddress", text)),
                one("username", username, credentials.flatMap(CredentialsBody::username)),
                one("password", password, credentials.flatMap(CredentialsBody::password)),
                enabled.orElse(true),
                group,
                noNulls(settings.orElse(Map.of())),
                recording.map(RecordingBody::settings).orElse(RecordingSettings.DEFAULT));
    }

    private Optional<String> addressOrUrl() {
        return one("url", url, address);
    }

    private static String given(String field, Optional<String> value) {
        return value.orElseThrow(() -> Problem.malformed(field, "\"" + field + "\" is missing. Give it.")
                .exception());
    }

    private static <T> Optional<T> one(String field, Optional<T> direct, Optional<T> other) {
        if (direct.isPresent() && other.isPresent() && !direct.equals(other)) {
            throw Problem.malformed(field, "\"" + field + "\" is given twice with different values. Give it once.")
                    .exception();
        }
        return direct.or(() -> other);
    }

    /** The parser's own message would quote the text, which may hold a password. */
    private static URI uri(String field, String text) {
        try {
            return new URI(text.strip());
        } catch (URISyntaxException e) {
            throw Problem.validation(
                            field,
                            "\"" + field + "\" is not a URL: " + e.getReason().toLowerCase(Locale.ROOT)
                                    + (e.getIndex() < 0 ? "" : " at position " + (e.getIndex() + 1))
                                    + ". Write special characters as % escapes.")
                    .exception();
        }
    }

    private static Map<String, String> noNulls(Map<String, String> settings) {
        settings.forEach((setting, value) -> {
            if (value == null) {
                throw Problem.malformed(
                                "settings." + setting,
                                "\"settings." + setting + "\" is null. Give a string or leave it out.")
                        .exception();
            }
        });
        return settings;
    }
}

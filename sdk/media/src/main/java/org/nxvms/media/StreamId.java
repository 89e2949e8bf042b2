// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names one stream of one camera everywhere: hub, archive, REST.
 *
 * @param form of a rendition, how it was made of the camera's stream ({@code 480p-500k}): 1..32 lower-case letters, digits and
 *     hyphens; empty for the stream as the camera sends it
 */
public record StreamId(UUID cameraId, StreamRole role, Optional<String> form) {
    private static final Pattern NAME = Pattern.compile("([a-z]{1,16})(?:~([a-z0-9-]{1,32}))?");

    public StreamId {
        Objects.requireNonNull(cameraId, "cameraId");
        Objects.requireNonNull(role, "role");
        form.ifPresent(text -> {
            if (!NAME.matcher("x~" + text).matches()) {
                throw new IllegalArgumentException(
                        "a form has 1..32 lower-case letters, digits and hyphens, not \"" + text + "\"");
            }
        });
    }

    /** A stream as the camera sends it. */
    public StreamId(UUID cameraId, StreamRole role) {
        this(cameraId, role, Optional.empty());
    }

    public static StreamId main(UUID cameraId) {
        return new StreamId(cameraId, StreamRole.MAIN);
    }

    public static StreamId sub(UUID cameraId) {
        return new StreamId(cameraId, StreamRole.SUB);
    }

    /**
     * {@return the stream of this {@link #name}}
     *
     * @throws IllegalArgumentException when there can be none; the message names what is allowed
     * @since 0.1
     */
    public static StreamId of(UUID cameraId, String name) {
        Matcher parts = NAME.matcher(name);
        if (parts.matches()) {
            for (StreamRole role : StreamRole.values()) {
                if (role.id().equals(parts.group(1))) {
                    return new StreamId(cameraId, role, Optional.ofNullable(parts.group(2)));
                }
            }
        }
        throw new IllegalArgumentException(
                "stream must be \"main\" or \"sub\", or one of them with a form, as \"main~480p\", not \"" + name
                        + "\"");
    }

    /**
     * {@return its name among the camera's: {@code main}, {@code sub~480p}}
     *
     * @since 0.1
     */
    public String name() {
        return role.id() + form.map(text -> "~" + text).orElse("");
    }

    /**
     * {@return whether it is made from another stream, while somebody watches}
     *
     * @since 0.1
     */
    public boolean rendition() {
        return form.isPresent();
    }

    /**
     * {@return the stream that the camera sends}
     *
     * @since 0.1
     */
    public StreamId source() {
        return form.isEmpty() ? this : new StreamId(cameraId, role);
    }

    /** {@return {@code cameraId/name}, as used in file paths and logs} */
    @Override
    public String toString() {
        return cameraId + "/" + name();
    }
}

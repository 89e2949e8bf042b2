// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.event;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.media.StreamId;

/**
 * Who or what an event is about.
 *
 * @param id of the source within its type, at most {@link #ID_CHARS_MAX}: a UUID for camera, stream (its camera), volume,
 *     server, user; a driver's or an integration's own id otherwise
 * @param part of the source, at most {@link #PART_CHARS_MAX}; empty for the whole: a stream's role, {@code input/2}, a
 *     part of the server such as {@code database}
 */
public record EventSource(Type type, String id, String part) {
    public static final int ID_CHARS_MAX = 100;
    public static final int PART_CHARS_MAX = 100;

    /** What kind of thing it is; more follow in minor versions, a {@code switch} needs a default branch. */
    public enum Type {
        SERVER,
        CAMERA,
        STREAM,
        VOLUME,
        DRIVER,
        USER,
        INTEGRATION
    }

    public EventSource {
        Objects.requireNonNull(type, "type");
        id = checked("id", id, ID_CHARS_MAX);
        part = checked("part", part, PART_CHARS_MAX);
        if (id.isEmpty()) {
            throw new IllegalArgumentException("source.id must not be empty");
        }
        if (type == Type.CAMERA || type == Type.STREAM) {
            UUID.fromString(id);
        }
    }

    public static EventSource server(UUID serverId, String part) {
        return new EventSource(Type.SERVER, serverId.toString(), part);
    }

    public static EventSource camera(UUID cameraId, String part) {
        return new EventSource(Type.CAMERA, cameraId.toString(), part);
    }

    public static EventSource stream(StreamId stream) {
        return new EventSource(
                Type.STREAM, stream.cameraId().toString(), stream.role().id());
    }

    public static EventSource volume(UUID volumeId) {
        return new EventSource(Type.VOLUME, volumeId.toString(), "");
    }

    public static EventSource driver(String driverId) {
        return new EventSource(Type.DRIVER, driverId, "");
    }

    public static EventSource user(UUID userId) {
        return new EventSource(Type.USER, userId.toString(), "");
    }

    /** {@return the camera of a camera or stream} */
    public Optional<UUID> cameraId() {
        return type == Type.CAMERA || type == Type.STREAM ? Optional.of(UUID.fromString(id)) : Optional.empty();
    }

    private static String checked(String name, String text, int charsMax) {
        Objects.requireNonNull(text, name);
        if (text.length() > charsMax || text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("source." + name + " must be at most " + charsMax
                    + " characters without control characters; it is " + EventAttributes.printable(text, 200));
        }
        return text;
    }
}

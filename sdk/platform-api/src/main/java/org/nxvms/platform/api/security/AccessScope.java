// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.security;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A place in the tree on which rights are granted: the site, below it its servers, below them groups of cameras within
 * groups, below them cameras. As text: {@code site}, {@code server/UUID}, {@code group/North/Gate}, {@code camera/UUID}.
 *
 * @param id empty for the site, a UUID for a server and a camera, the path for a group
 */
public record AccessScope(Type type, String id) {
    /** The levels of the tree, the widest first. */
    public enum Type {
        SITE,
        SERVER,
        GROUP,
        CAMERA
    }

    /** Everything. */
    public static final AccessScope SITE = new AccessScope(Type.SITE, "");

    /** As long as a camera's group may be. */
    public static final int GROUP_CHARS_MAX = 200;

    private static final String SEPARATOR = "/";

    /** @throws IllegalArgumentException when the id is not one of this type */
    public AccessScope {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(id, "id");
        switch (type) {
            case SITE -> require(id.isEmpty(), "the site has no id");
            case SERVER, CAMERA -> require(isUuid(id), "\"" + id + "\" is not a UUID");
            case GROUP ->
                require(
                        !id.isEmpty() && id.length() <= GROUP_CHARS_MAX && id.equals(path(id)),
                        "\"" + id + "\" is not a group's path, such as North/Gate");
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    public static AccessScope server(UUID id) {
        return new AccessScope(Type.SERVER, id.toString());
    }

    public static AccessScope camera(UUID id) {
        return new AccessScope(Type.CAMERA, id.toString());
    }

    /**
     * A group by the name that cameras carry. Slashes part it into levels.
     *
     * @throws IllegalArgumentException when nothing is left of the name
     */
    public static AccessScope group(String name) {
        return new AccessScope(Type.GROUP, path(name));
    }

    /** {@return the groups that a camera with this group's name is in, the innermost first; empty for a blank name} */
    public static List<AccessScope> groups(String name) {
        List<AccessScope> chain = new ArrayList<>();
        for (String path = path(name); !path.isEmpty(); path = parent(path)) {
            chain.add(new AccessScope(Type.GROUP, path));
        }
        return List.copyOf(chain);
    }

    /** @throws IllegalArgumentException saying what is wrong with the text */
    public static AccessScope parse(String text) {
        int slash = text.indexOf('/');
        String word = slash < 0 ? text : text.substring(0, slash);
        String id = slash < 0 ? "" : text.substring(slash + 1);
        return switch (word) {
            case "site" -> new AccessScope(Type.SITE, id);
            case "server" -> new AccessScope(Type.SERVER, id);
            case "group" -> group(id);
            case "camera" -> new AccessScope(Type.CAMERA, id);
            default ->
                throw new IllegalArgumentException(
                        "\"" + text + "\" is no place: say site, server/{id}, group/{path} or camera/{id}");
        };
    }

    /** One way of writing a letter: "ü" is one character or two, and a denial must not depend on which. */
    private static String path(String name) {
        return Arrays.stream(Normalizer.normalize(name, Normalizer.Form.NFC).split(SEPARATOR))
                .map(String::strip)
                .filter(level -> !level.isEmpty())
                .collect(Collectors.joining(SEPARATOR));
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    private static boolean isUuid(String text) {
        try {
            return UUID.fromString(text).toString().equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return switch (type) {
            case SITE -> "site";
            case SERVER -> "server/" + id;
            case GROUP -> "group/" + id;
            case CAMERA -> "camera/" + id;
        };
    }
}

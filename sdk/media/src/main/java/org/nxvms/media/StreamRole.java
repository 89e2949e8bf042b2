// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media;

import java.util.Locale;

/**
 * Which of a camera's parallel encodings a stream is.
 *
 * <p>More roles may follow in a minor version: a {@code switch} over this type needs a default
 * branch that leaves the stream alone.
 */
public enum StreamRole {
    /** Best quality, normally recorded. */
    MAIN,
    /** Small encoding for walls, motion and weak links. */
    SUB;

    /** {@return the name used in URLs, JSON and file paths, e.g. {@code "main"}} */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The role with this {@link #id()}.
     *
     * @throws IllegalArgumentException when there is none; the message names what is allowed
     */
    public static StreamRole of(String id) {
        for (StreamRole role : values()) {
            if (role.id().equals(id)) {
                return role;
            }
        }
        throw new IllegalArgumentException("stream must be \"main\" or \"sub\", not \"" + id + "\"");
    }
}

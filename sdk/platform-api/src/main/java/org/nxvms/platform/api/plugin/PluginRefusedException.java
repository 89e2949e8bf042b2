// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.plugin;

import java.util.Objects;

/** A plugin is not taken. The message says what is in the way and what to do; the server is as it was. */
public class PluginRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is in the way. A {@code switch} needs a default branch. */
    public enum Kind {
        /** It cannot be fetched. */
        SOURCE,
        /** The file is damaged, too large, or no plugin. */
        FILE,
        /** Not signed, altered, or signed by somebody who is not trusted. */
        SIGNATURE,
        /** Its manifest breaks a law of plugins. */
        MANIFEST,
        /** It does not start, or offers no service in time. */
        START,
        /** It touched another bundle, and was taken out again. */
        WIRING
    }

    private final Kind kind;
    private final String field;

    /** @param field what of the request or file is to blame, e.g. {@code url}, {@code Import-Package} */
    public PluginRefusedException(Kind kind, String field, String message) {
        super(message);
        this.kind = Objects.requireNonNull(kind, "kind");
        this.field = Objects.requireNonNull(field, "field");
    }

    public Kind kind() {
        return kind;
    }

    public String field() {
        return field;
    }
}

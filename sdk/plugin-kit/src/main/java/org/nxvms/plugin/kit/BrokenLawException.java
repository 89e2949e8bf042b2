// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugin.kit;

import java.util.Objects;

/** A law of plugins is broken. The message says what is wrong and what to do. */
public final class BrokenLawException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String header;

    BrokenLawException(String header, String message) {
        super(message);
        this.header = Objects.requireNonNull(header, "header");
    }

    /** {@return the header of the manifest that is to blame, e.g. {@code Import-Package}} */
    public String header() {
        return header;
    }
}

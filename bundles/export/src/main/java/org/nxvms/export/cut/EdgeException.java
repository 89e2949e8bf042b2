// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.cut;

import java.io.IOException;

/** The edge of a range could not be encoded anew; the message is for people. */
public final class EdgeException extends IOException {
    private static final long serialVersionUID = 1L;

    public EdgeException(String message) {
        super(message);
    }

    public EdgeException(String message, Throwable cause) {
        super(message, cause);
    }
}

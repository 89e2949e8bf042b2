// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;

/** Footage cannot be read; told apart from a package that cannot be written. */
final class UnreadableException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableException(String message, Throwable cause) {
        super(message, cause);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.io.IOException;

/** Footage is there, encrypted, and the key it names is not; the message names the key and says where it belongs. */
public final class FootageKeyMissingException extends IOException {
    private static final long serialVersionUID = 1L;

    public FootageKeyMissingException(String message) {
        super(message);
    }
}

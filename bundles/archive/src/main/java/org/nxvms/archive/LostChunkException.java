// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;

/** Nothing of a chunk can be sealed. */
final class LostChunkException extends IOException {
    private static final long serialVersionUID = 1L;

    LostChunkException(String message) {
        super(message);
    }
}

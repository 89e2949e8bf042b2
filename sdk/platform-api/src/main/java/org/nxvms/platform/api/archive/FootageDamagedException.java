// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.io.IOException;

/** Encrypted footage is not what was written: not one byte of the fragment is given out. The message says where. */
public final class FootageDamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    public FootageDamagedException(String message) {
        super(message);
    }
}

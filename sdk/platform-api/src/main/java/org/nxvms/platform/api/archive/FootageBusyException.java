// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.io.IOException;

/** So much encrypted footage is being read now that there is no memory for more of it; ask again in a moment. */
public final class FootageBusyException extends IOException {
    private static final long serialVersionUID = 1L;

    public FootageBusyException(String message) {
        super(message);
    }
}

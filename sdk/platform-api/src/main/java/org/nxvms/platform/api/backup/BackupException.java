// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.backup;

import java.io.IOException;

/** A backup could not be written or used; the message says why, what is as it was, and what to do. */
public class BackupException extends IOException {
    private static final long serialVersionUID = 1L;

    public BackupException(String message) {
        super(message);
    }

    public BackupException(String message, Throwable cause) {
        super(message, cause);
    }
}

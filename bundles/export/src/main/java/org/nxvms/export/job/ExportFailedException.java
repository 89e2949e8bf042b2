// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.nio.file.FileSystemException;

/** A package cannot be made; the message says why, for people, without a full stop at its end. */
class ExportFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    ExportFailedException(String message) {
        super(message);
    }

    /** {@return why a package failed, for people} Many messages of the system are a path and nothing else. */
    static String said(IOException failed) {
        if (failed instanceof ExportFailedException) {
            return failed.getMessage() + ".";
        }
        String why = failed.getMessage();
        if (failed instanceof FileSystemException file) {
            why = file.getReason();
        }
        return "The package could not be written: "
                + (why == null ? failed.getClass().getSimpleName() : why)
                + ". Check the disk of exports, and order again.";
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api;

/** The database did not do what was asked; nothing was changed. Callers answer 503 or retry. */
public class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}

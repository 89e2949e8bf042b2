// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.camera;

/** A camera's driver is not installed: it is recorded on its known streams, but nobody speaks its protocol. */
public class DriverMissingException extends Exception {
    private static final long serialVersionUID = 1L;

    public DriverMissingException(String message) {
        super(message);
    }
}

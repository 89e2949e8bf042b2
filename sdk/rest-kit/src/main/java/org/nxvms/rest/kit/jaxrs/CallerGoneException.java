// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.io.IOException;

/** The connection failed while the body was read: nobody is left to be told. */
final class CallerGoneException extends IOException {
    private static final long serialVersionUID = 1L;

    CallerGoneException(IOException cause) {
        super("The caller's connection failed", cause);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.support;

/** A support bundle is being written: ask again in a moment. */
public final class SupportBusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SupportBusyException() {
        super("Another support bundle is being made. Ask again when it is finished.");
    }
}

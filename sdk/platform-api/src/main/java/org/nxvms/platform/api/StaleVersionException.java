// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api;

import java.util.ConcurrentModificationException;

/**
 * A resource changed since its caller read it; nothing was changed. Callers answer 412. A type of its own, so
 * that a collection changed while our own code walks over it is never mistaken for it.
 */
public final class StaleVersionException extends ConcurrentModificationException {
    private static final long serialVersionUID = 1L;

    public StaleVersionException(String message) {
        super(message);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api;

import java.util.NoSuchElementException;

/**
 * What a caller named is not there, or no longer. Callers answer 404. A type of its own, so that an empty
 * {@code Optional} or iterator in our own code is never mistaken for it.
 */
public final class NoSuchResourceException extends NoSuchElementException {
    private static final long serialVersionUID = 1L;

    public NoSuchResourceException(String message) {
        super(message);
    }
}

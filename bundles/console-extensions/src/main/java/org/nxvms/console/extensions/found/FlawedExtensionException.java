// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console.extensions.found;

/** What a bundle brings cannot be shown; the message tells its vendor why. */
final class FlawedExtensionException extends Exception {
    private static final long serialVersionUID = 1L;

    FlawedExtensionException(String message) {
        super(message);
    }
}

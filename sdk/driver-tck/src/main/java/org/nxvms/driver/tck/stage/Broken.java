// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.stage;

/** A rule is broken; the message says what was seen instead. */
public final class Broken extends AssertionError {
    private static final long serialVersionUID = 1L;

    public Broken(String message) {
        super(message);
    }

    public Broken(String message, Throwable seen) {
        super(message, seen);
    }
}

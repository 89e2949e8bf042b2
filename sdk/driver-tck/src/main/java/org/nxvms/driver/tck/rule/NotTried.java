// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

/** A rule that cannot be tried with this driver or device; the message says why. */
public final class NotTried extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotTried(String why) {
        super(why);
    }
}

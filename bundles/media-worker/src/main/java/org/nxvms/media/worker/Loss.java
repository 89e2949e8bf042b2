// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

/**
 * How a child came to its end.
 *
 * @param asked whether we wanted it to end
 * @param detail otherwise: what happened, in a sentence
 */
record Loss(boolean asked, String detail) {
    static final Loss ASKED = new Loss(true, "");

    static Loss of(String detail) {
        return new Loss(false, detail);
    }
}

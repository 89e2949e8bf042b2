// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import java.io.IOException;
import java.io.OutputStream;

/**
 * One file of the bundle.
 *
 * @param name with its ending
 * @param about one line for people: what it says
 * @param content writes it, when its turn comes
 */
record BundleFile(String name, String about, Content content) {
    /** Writes what a file says. */
    interface Content {
        void write(OutputStream out) throws IOException;
    }
}

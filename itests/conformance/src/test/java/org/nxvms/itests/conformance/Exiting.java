// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.conformance;

/** Code that ends the server; it is read, never run. */
final class Exiting {
    private Exiting() {}

    static void end() {
        System.exit(1);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.conformance.flawed;

/** What is wrong with a driver: stands between it and who calls it. */
@FunctionalInterface
interface Flaw {
    Flaw NONE = Visit::go;

    Object around(Visit visit) throws Throwable;
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.cut;

/** Asked now and then by who works long; throws when nobody wants that any more. */
@FunctionalInterface
public interface Wanted<E extends Exception> {
    void require() throws E;
}

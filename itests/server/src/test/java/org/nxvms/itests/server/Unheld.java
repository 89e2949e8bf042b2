// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Stories whose servers may say what no document knows; see {@link ApiContract}. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface Unheld {
    /** Why. */
    String value();
}

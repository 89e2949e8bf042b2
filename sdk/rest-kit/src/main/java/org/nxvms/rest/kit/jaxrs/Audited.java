// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A resource method whose calls are noted in the audit: who, from where, when, whether it was done or refused. What it
 * changed is added by {@link AuditFields}. Strangers whose credentials are refused are not noted.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Audited {
    /** What is done, in dotted words: {@code user.changed}. */
    String value();
}

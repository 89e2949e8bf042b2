// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A resource method whose calls are noted in the audit: who, from where, when, whether it was done or refused. What it
 * changed is added by {@link AuditFields}; without, the subject is the camera that {@link Requires} names. Strangers whose
 * credentials are refused are not noted. A method that changes something has this or {@link Unaudited}.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Audited {
    /** What is done, in dotted words: {@code user.changed}. */
    String value();

    /**
     * Whether it is done many times in a row, as moving a camera: noted as a series, see {@link
     * org.nxvms.platform.api.audit.AuditTrail#noteOften}.
     */
    boolean often() default false;
}

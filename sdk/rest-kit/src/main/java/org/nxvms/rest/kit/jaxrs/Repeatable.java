// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A creating POST that takes an {@code Idempotency-Key}: who repeats it with the same key gets the first answer again, and
 * nothing is created twice. Not for answers that tell a secret: they are kept in memory for a day.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Repeatable {
    /** For the OpenAPI document, with {@link #MEANING}. */
    String HEADER = "Idempotency-Key";

    String MEANING = "Who repeats the request with the same key within 24 h gets the first answer again, and nothing is"
            + " created twice. 1 to 128 visible ASCII characters.";
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Query parameters that a resource method reads through {@code UriInfo}. Those with {@code @QueryParam}
 * are known without it; all others are refused, unless {@link #ANY} is among the names.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Query {
    /** Whatever comes is passed over: for addresses that others have browsers ask, with parameters of their own. */
    String ANY = "*";

    String[] value();
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.nxvms.platform.api.security.Permission;

/**
 * Rights a caller needs for a resource method, or for all methods of a resource class. Every resource
 * method has this or {@link Open}; {@code @Requires({})} means: any user who is signed in.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface Requires {
    /** All of them are needed. */
    Permission[] value();

    /**
     * Name of the path parameter that holds the camera concerned; empty for rights on the server. For
     * cameras named elsewhere the method asks {@link Caller#require} itself. With no right named, any right on the
     * camera is enough.
     */
    String camera() default "";

    /**
     * Whether it is enough to have the rights at some place: the method then asks {@link Caller} for each camera it is
     * about, or answers what is of no camera.
     */
    boolean anywhere() default false;
}

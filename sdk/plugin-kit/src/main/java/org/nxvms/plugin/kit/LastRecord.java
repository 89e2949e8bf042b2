// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugin.kit;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;
import java.util.Map;

/**
 * Has the JDK forget the record that was compared last. What {@link ObjectMethods} makes {@code equals}, {@code hashCode} and
 * {@code toString} of records from are a few method handles of its own, and each of them remembers the type it was last made
 * fit for: up to Java 18 until another comes (JDK-8078641), later as long as memory is plenty. So the class loader of a
 * bundle that has gone stays until some other record is compared for the first time, which may be never.
 */
public final class LastRecord {
    /** Of the JDK's own, which nobody wants to be rid of. */
    private static final Class<?> ANOTHER = String.class;

    private static final Map<String, MethodType> METHODS = Map.of(
            "equals", MethodType.methodType(boolean.class, ANOTHER, Object.class),
            "hashCode", MethodType.methodType(int.class, ANOTHER),
            "toString", MethodType.methodType(String.class, ANOTHER));

    private LastRecord() {}

    /** Takes the place of that record. Any thread; costs less than a millisecond. */
    public static void forget() {
        MethodHandle component = MethodHandles.identity(ANOTHER);
        METHODS.forEach((name, type) -> {
            try {
                ObjectMethods.bootstrap(MethodHandles.lookup(), name, type, ANOTHER, "itself", component);
            } catch (Throwable changed) {
                throw new IllegalStateException("this JDK makes " + name + " of records otherwise", changed);
            }
        });
    }
}

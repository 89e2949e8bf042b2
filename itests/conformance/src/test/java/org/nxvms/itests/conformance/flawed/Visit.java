// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.conformance.flawed;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;

/**
 * A call of a good driver, on its way to it.
 *
 * @param driver whose call it is
 * @param target the good driver's object that is called
 */
record Visit(FlawedDriver driver, Object target, Method method, Object[] arguments) {
    /** {@return whether it is this method, e.g. {@code Ptz.stop}} */
    boolean is(String name) {
        int dot = name.indexOf('.');
        return method.getName().equals(name.substring(dot + 1))
                && (dot < 0 || method.getDeclaringClass().getSimpleName().equals(name.substring(0, dot)));
    }

    @SuppressWarnings("unchecked")
    <T> T argument(int index) {
        return (T) arguments[index];
    }

    /** {@return what the good driver answers} */
    Object go() throws Throwable {
        return with(arguments);
    }

    Object with(Object... others) throws Throwable {
        try {
            return method.invoke(target, others);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}

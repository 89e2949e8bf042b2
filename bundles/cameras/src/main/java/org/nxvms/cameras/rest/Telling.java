// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import javax.servlet.http.HttpServletRequest;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.platform.api.camera.DriverMissingException;
import org.nxvms.rest.kit.jaxrs.AuditFields;

/**
 * Whether a device was told to change something, and nobody knows what came of it: it was not heard of afterwards, may have done it,
 * and may still do it. Told on a thread of the camera's, asked by who waits for that.
 */
final class Telling {
    private volatile boolean open;

    /** What a device is told. */
    @FunctionalInterface
    interface Words<T> {
        T tell() throws DriverException;
    }

    /** What a device is told and has no answer to. */
    @FunctionalInterface
    interface Order {
        void tell() throws DriverException;
    }

    /** A conversation with a device, in which it is told something. */
    @FunctionalInterface
    interface Conversation<C, R> {
        R hold(C device, Telling telling) throws DriverException;
    }

    /** Asks a device for something that changes it. */
    @FunctionalInterface
    interface Asking<R> {
        R ask(Telling telling) throws DriverException, DriverMissingException;
    }

    /** {@return what came of it} Where nobody knows that, the audit says so. */
    static <R> R ask(HttpServletRequest request, Asking<R> asking) throws DriverException, DriverMissingException {
        Telling telling = new Telling();
        try {
            return asking.ask(telling);
        } catch (DriverException e) {
            if (telling.open) {
                AuditFields.begun(request);
            }
            throw e;
        }
    }

    /** {@return what came of it} With what is asked afterwards: of a device that is not heard of then, it is not known either. */
    <T> T of(Words<T> words) throws DriverException {
        open = true;
        try {
            T result = words.tell();
            open = false;
            return result;
        } catch (DriverException e) {
            open = !isRefusal(e.kind());
            throw e;
        }
    }

    /** As {@link #of}, where the device only takes it. */
    void order(Order order) throws DriverException {
        of(() -> {
            order.tell();
            return true;
        });
    }

    /** Said by the device, or by the driver before it has told it anything: nothing has changed. */
    private static boolean isRefusal(DriverException.Kind kind) {
        return switch (kind) {
            case AUTH, UNSUPPORTED, BUSY, CONFIG, NOT_FOUND -> true;
            case UNREACHABLE, PROTOCOL, CLOSED -> false;
        };
    }
}

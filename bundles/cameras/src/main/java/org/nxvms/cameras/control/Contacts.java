// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.nxvms.cameras.drivers.Contact;
import org.nxvms.cameras.drivers.ShelvedDriver;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.slf4j.MDC;

/**
 * Runs blocking conversations with devices and posts their outcome to the control thread. A driver
 * that does not keep its time limit is interrupted and reported as overdue; its thread counts as
 * occupied until it really returns, so that there are never two conversations with one camera; its place
 * goes to the next in the queue.
 */
final class Contacts {
    /** What a driver is told; a device on a working network answers within a second. */
    static final int TIMEOUT_MS = 10_000;
    /** Three calls of a session, each within the time limit, and some room. */
    static final int OVERDUE_MS = 3 * TIMEOUT_MS + 5_000;

    /** Told on the control thread. */
    interface Reply {
        void overdue(DriverException why);

        /** Once; exactly one of the two is present. */
        void ended(Optional<Contact.Answer> answer, Optional<DriverException> failure);
    }

    private final ControlLoop loop;
    private final ContactQueue queue;

    Contacts(ControlLoop loop, ContactQueue queue) {
        this.loop = loop;
        this.queue = queue;
    }

    void ask(UUID camera, ShelvedDriver driver, DeviceTarget target, Reply reply) {
        // The loop keeps its task for the whole time limit: of a driver that has returned, nothing may be in it.
        AtomicReference<Runnable> overdue = new AtomicReference<>();
        FutureTask<Void> task = new FutureTask<>(
                () -> {
                    MDC.put("camera", camera.toString());
                    try {
                        Contact.Answer answer = Contact.ask(driver, target);
                        end(overdue, reply, Optional.of(answer), Optional.empty());
                    } catch (DriverException e) {
                        end(overdue, reply, Optional.empty(), Optional.of(e));
                    } catch (Error e) {
                        DriverException failed = new DriverException(
                                DriverException.Kind.PROTOCOL, "The driver failed: " + e + ". Its log says more.", e);
                        end(overdue, reply, Optional.empty(), Optional.of(failed));
                        throw e;
                    } finally {
                        MDC.remove("camera");
                    }
                },
                null);
        String label = driver.label();
        queue.add(driver, camera, place -> {
            overdue.set(() -> {
                task.cancel(true);
                queue.overdue(place);
                reply.overdue(new DriverException(
                        DriverException.Kind.UNREACHABLE,
                        "The driver " + label + " did not return within " + OVERDUE_MS / 1_000
                                + " s; the device may not answer."));
            });
            loop.postAfter(OVERDUE_MS, () -> {
                Runnable due = overdue.getAndSet(null);
                if (due != null) {
                    due.run();
                }
            });
            task.run();
        });
    }

    private void end(
            AtomicReference<Runnable> overdue,
            Reply reply,
            Optional<Contact.Answer> answer,
            Optional<DriverException> failure) {
        overdue.set(null);
        loop.post(() -> reply.ended(answer, failure));
    }
}

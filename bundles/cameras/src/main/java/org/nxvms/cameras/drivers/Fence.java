// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.drivers;

import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between the platform and foreign code: whatever a driver throws comes out as a {@link DriverException} of the contract's
 * own class, without the driver's cause, so that nothing loaded by a driver is kept.
 */
public final class Fence {
    private static final Logger LOG = LoggerFactory.getLogger(Fence.class);

    /** What is said to a driver. */
    @FunctionalInterface
    public interface Conversation<T> {
        T run() throws DriverException, InterruptedException;
    }

    private Fence() {}

    /** @throws InterruptedException when the platform ended the conversation, and the driver passed that on */
    public static <T> T around(ShelvedDriver driver, Conversation<T> conversation)
            throws DriverException, InterruptedException {
        try {
            return conversation.run();
        } catch (DriverException e) {
            String message = e.getMessage() == null || e.getMessage().isBlank()
                    ? "The driver " + driver.label() + " gave no reason."
                    : e.getMessage();
            throw new DriverException(e.kind(), message);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            LOG.warn("The driver {} failed with an error of its own", driver.label(), e);
            throw new DriverException(
                    DriverException.Kind.PROTOCOL,
                    "The driver " + driver.label() + " failed with an error of its own ("
                            + e.getClass().getSimpleName() + "); the server's log has the details.");
        }
    }

    /** Within {@link #around}. */
    public static CameraSession open(ShelvedDriver driver, DeviceTarget target) throws DriverException {
        driver.door().check(target);
        CameraSession session = driver.service().open(target);
        if (session == null) {
            throw new DriverException(DriverException.Kind.PROTOCOL, "The driver returned no session.");
        }
        return session;
    }

    /** Closes a session that is of no use any more, whatever it says. */
    public static void close(ShelvedDriver driver, CameraSession session) {
        try {
            session.close();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("The driver {} failed to close a session", driver.label(), e);
        }
    }
}

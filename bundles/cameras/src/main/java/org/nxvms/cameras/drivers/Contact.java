// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.drivers;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One conversation with a device through its driver: open, ask, close. Blocks. Whatever foreign code
 * throws leaves here as a {@link DriverException} of the contract's own class, so that nothing loaded
 * by a driver is kept.
 */
public final class Contact {
    private static final Logger LOG = LoggerFactory.getLogger(Contact.class);

    /** What the device said; holds values of the contracts only. */
    public record Answer(DeviceIdentity identity, List<StreamOffer> offers) {
        public Answer {
            offers = List.copyOf(offers);
        }
    }

    private Contact() {}

    /** Asks for the streams, best first, one a role. Never an empty list. */
    public static List<StreamOffer> streams(ShelvedDriver driver, DeviceTarget target) throws DriverException {
        return fenced(driver, () -> {
            try (CameraSession session = open(driver, target)) {
                return offers(driver, session.streams());
            }
        });
    }

    /** Asks for identity and streams. */
    public static Answer probe(ShelvedDriver driver, DeviceTarget target) throws DriverException {
        return fenced(driver, () -> {
            try (CameraSession session = open(driver, target)) {
                DeviceIdentity identity = Objects.requireNonNullElse(session.identity(), DeviceIdentity.UNKNOWN);
                return new Answer(identity, offers(driver, session.streams()));
            }
        });
    }

    private static CameraSession open(ShelvedDriver driver, DeviceTarget target) throws DriverException {
        CameraSession session = driver.service().open(target);
        if (session == null) {
            throw new DriverException(DriverException.Kind.PROTOCOL, "The driver returned no session.");
        }
        return session;
    }

    private static List<StreamOffer> offers(ShelvedDriver driver, List<StreamOffer> said) throws DriverException {
        Map<StreamRole, StreamOffer> byRole = new EnumMap<>(StreamRole.class);
        for (StreamOffer offer : said) {
            byRole.putIfAbsent(offer.role(), offer);
        }
        if (byRole.isEmpty()) {
            throw new DriverException(
                    DriverException.Kind.UNSUPPORTED,
                    "The device offers no stream that the driver " + driver.label() + " could use.");
        }
        return new ArrayList<>(byRole.values());
    }

    private static <T> T fenced(ShelvedDriver driver, Conversation<T> conversation) throws DriverException {
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

    private interface Conversation<T> {
        T run() throws DriverException;
    }
}

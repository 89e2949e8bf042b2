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
import org.nxvms.platform.api.camera.DeviceFacts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One short conversation with a device through its driver: open, ask for all that is to be known, close. Blocks. */
public final class Contact {
    private static final Logger LOG = LoggerFactory.getLogger(Contact.class);

    /**
     * What the device said; holds values of the contracts only.
     *
     * @param offers best first, one a role; never empty
     */
    public record Answer(DeviceFacts facts, List<StreamOffer> offers) {
        public Answer {
            offers = List.copyOf(offers);
        }
    }

    private Contact() {}

    /** Asks for streams, identity and control functions. The streams matter: where they are known, the rest may fail. */
    public static Answer ask(ShelvedDriver driver, DeviceTarget target) throws DriverException {
        try {
            return Fence.around(driver, () -> {
                try (CameraSession session = Fence.open(driver, target)) {
                    List<StreamOffer> offers = offers(driver, session.streams());
                    return new Answer(facts(driver, session), offers);
                }
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException(DriverException.Kind.CLOSED, "The conversation was ended.");
        }
    }

    private static DeviceFacts facts(ShelvedDriver driver, CameraSession session) {
        DeviceIdentity identity = DeviceIdentity.UNKNOWN;
        List<String> capabilities = List.of();
        try {
            identity = Objects.requireNonNullElse(session.identity(), DeviceIdentity.UNKNOWN);
            capabilities = KnownCapabilities.of(session);
        } catch (DriverException | RuntimeException | LinkageError e) {
            LOG.warn("The driver {} named the streams of a device but does not know it further", driver.label(), e);
        }
        return new DeviceFacts(driver.version().toString(), identity, capabilities);
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
}

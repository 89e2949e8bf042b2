// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.drivers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.SearchFindings;
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
     * @param identity empty when it could not be asked
     * @param capabilities by name; empty when they could not be asked
     * @param unanswered control functions about which the device did not answer, by name, with the driver's words
     * @param offers best first, one a role; never empty
     * @param endpoint what the device is called for good; empty when it does not say
     */
    public record Answer(
            Optional<DeviceIdentity> identity,
            Optional<List<String>> capabilities,
            Map<String, String> unanswered,
            List<StreamOffer> offers,
            String endpoint) {
        public Answer {
            unanswered = Map.copyOf(unanswered);
            offers = List.copyOf(offers);
        }

        /** {@return whether nothing is left to be asked} */
        public boolean isWhole() {
            return identity.isPresent() && capabilities.isPresent() && unanswered.isEmpty();
        }

        /** {@return what is known now: what could not be asked is as it was before} */
        public DeviceFacts facts(String driverVersion, Optional<DeviceFacts> before) {
            return new DeviceFacts(
                    driverVersion,
                    identity.or(() -> before.map(DeviceFacts::identity)).orElse(DeviceIdentity.UNKNOWN),
                    capabilities
                            .map(offered -> with(offered, before))
                            .or(() -> before.map(DeviceFacts::capabilities))
                            .orElse(List.of()));
        }

        /** {@return what is offered, and what was offered before and got no answer now} */
        private List<String> with(List<String> offered, Optional<DeviceFacts> before) {
            return Arrays.stream(KnownCapabilities.values())
                    .map(KnownCapabilities::id)
                    .filter(name -> offered.contains(name)
                            || unanswered.containsKey(name)
                                    && before.filter(facts ->
                                                    facts.capabilities().contains(name))
                                            .isPresent())
                    .toList();
        }
    }

    private Contact() {}

    /** Asks for streams, identity and control functions. The streams matter: where they are known, the rest may fail. */
    public static Answer ask(ShelvedDriver driver, DeviceTarget target) throws DriverException {
        try {
            return Fence.around(driver, () -> {
                try (CameraSession session = Fence.open(driver, target)) {
                    List<StreamOffer> offers = offers(driver, session.streams());
                    return new Answer(
                            identity(driver, session),
                            capabilities(driver, session),
                            unanswered(driver, session),
                            offers,
                            endpoint(driver, session));
                }
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException(DriverException.Kind.CLOSED, "The conversation was ended.");
        }
    }

    private static Optional<DeviceIdentity> identity(ShelvedDriver driver, CameraSession session) {
        try {
            return Optional.ofNullable(session.identity());
        } catch (DriverException | RuntimeException | LinkageError e) {
            LOG.warn("The driver {} named the streams of a device but not the device", driver.label(), e);
            return Optional.empty();
        }
    }

    private static Optional<List<String>> capabilities(ShelvedDriver driver, CameraSession session) {
        try {
            return Optional.of(KnownCapabilities.of(session));
        } catch (DriverException | RuntimeException | LinkageError e) {
            LOG.warn("The driver {} named the streams of a device but not what it can", driver.label(), e);
            return Optional.empty();
        }
    }

    private static Map<String, String> unanswered(ShelvedDriver driver, CameraSession session) {
        try {
            return KnownCapabilities.unansweredOf(session);
        } catch (DriverException | RuntimeException | LinkageError e) {
            LOG.debug("The driver {} does not say what got no answer", driver.label(), e);
            return Map.of();
        }
    }

    private static String endpoint(ShelvedDriver driver, CameraSession session) {
        try {
            String told = session.endpoint();
            return told == null || told.length() > SearchFindings.ENDPOINT_LENGTH_MAX ? "" : told;
        } catch (DriverException | RuntimeException | LinkageError e) {
            LOG.debug("The driver {} does not say what a device is called for good", driver.label(), e);
            return "";
        }
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

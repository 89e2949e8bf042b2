// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Capability;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceAnalytics;
import org.nxvms.driver.spi.DeviceClock;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceSnapshot;
import org.nxvms.driver.spi.DeviceUsers;
import org.nxvms.driver.spi.DigitalIo;
import org.nxvms.driver.spi.EdgeRecordings;
import org.nxvms.driver.spi.Imaging;
import org.nxvms.driver.spi.PrivacyMasks;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzPresets;
import org.nxvms.driver.spi.PtzTours;
import org.nxvms.driver.spi.Reboot;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.driver.spi.VideoEncoders;
import org.nxvms.media.StreamRole;
import org.nxvms.simulator.fault.FaultKind;

/** What a driver says of a device and its streams. */
final class DataRules {
    static final List<Rule> ALL = List.of(
            Rule.of("data.identity", "A device is the same each time it is asked who it is.", DataRules::identity),
            Rule.of(
                    "data.streams",
                    "There is at least one stream, the main one first, at most one for each role, each with a host.",
                    DataRules::streams),
            Rule.of(
                    "data.equal-endpoints",
                    "While nothing changes endpoints are equal, asked again and in another session: another one ends the"
                            + " recording's session.",
                    DataRules::equalEndpoints),
            Rule.of(
                    "data.no-secrets",
                    "No password stands in an address, a name or a quirk of a stream.",
                    DataRules::noSecrets),
            Rule.of("data.playable", "The main stream is where the driver says.", DataRules::playable),
            Rule.of(
                    "data.functions-at-once",
                    "Which control functions there are is said at once, without asking the device, and stays so.",
                    DataRules::functionsAtOnce),
            Rule.of(
                    "data.unknown-function",
                    "A control function that the driver does not know is answered with none.",
                    DataRules::unknownFunction));

    private static final List<Class<? extends Capability>> KNOWN = List.of(
            Ptz.class,
            PtzPresets.class,
            PtzTours.class,
            DeviceEvents.class,
            DeviceAnalytics.class,
            DigitalIo.class,
            DeviceSnapshot.class,
            DeviceClock.class,
            Imaging.class,
            AudioOut.class,
            EdgeRecordings.class,
            Reboot.class,
            DeviceUsers.class,
            VideoEncoders.class,
            PrivacyMasks.class);

    private static final int TEXT_MAX = 200;

    /** Nobody's control function. */
    private interface OfLater extends Capability {}

    private DataRules() {}

    private static void identity(Scene scene) throws Exception {
        CameraSession session = scene.session();
        DeviceIdentity identity = scene.ask("identity()", session::identity).get();
        Expect.that(
                identity.equals(scene.ask("identity()", session::identity).get()),
                "The device is another one when it is asked again.");
        Expect.that(
                identity.equals(
                        scene.ask("identity()", scene.session()::identity).get()),
                "The device is another one in another session.");
        for (String text :
                List.of(identity.manufacturer(), identity.model(), identity.firmware(), identity.serialNumber())) {
            Expect.that(
                    text.length() <= TEXT_MAX && text.chars().noneMatch(Character::isISOControl),
                    "The identity holds a text of more than " + TEXT_MAX + " characters, or control characters.");
        }
        String mac = identity.macAddress();
        Expect.that(
                mac.isEmpty()
                        || mac.equals(mac.toLowerCase(Locale.ROOT)) && mac.matches("([0-9a-f]{2}:){5}[0-9a-f]{2}"),
                "The MAC address '" + mac + "' is not in lower case with colons.");
    }

    private static void streams(Scene scene) throws Exception {
        List<StreamOffer> offers =
                scene.ask("streams()", scene.session()::streams).get();
        Expect.that(!offers.isEmpty(), "The driver names no stream.");
        Expect.that(offers.get(0).role() == StreamRole.MAIN, "The first stream is not the main one.");
        Set<StreamRole> roles = EnumSet.noneOf(StreamRole.class);
        for (StreamOffer offer : offers) {
            Expect.that(roles.add(offer.role()), "There are two streams of the role " + offer.role() + ".");
            Expect.that(
                    offer.endpoint().uri().getScheme() != null
                            && (offer.endpoint().uri().getHost() != null
                                    || offer.endpoint().uri().getScheme().equals("file")),
                    "The stream " + offer.role() + " is nowhere: "
                            + offer.endpoint().uri() + ".");
        }
    }

    private static void equalEndpoints(Scene scene) throws Exception {
        CameraSession session = scene.session();
        List<StreamOffer> offers = scene.ask("streams()", session::streams).get();
        Expect.that(
                offers.equals(scene.ask("streams()", session::streams).get()),
                "Asked again, the same session names other streams.");
        Expect.that(
                offers.equals(scene.ask("streams()", scene.session()::streams).get()),
                "Another session names other streams.");
    }

    private static void noSecrets(Scene scene) throws Exception {
        String password = scene.device()
                .target()
                .credentials()
                .map(Credentials::password)
                .filter(given -> !given.isEmpty())
                .orElseThrow(() -> new NotTried("the device has no password"));
        for (StreamOffer offer :
                scene.ask("streams()", scene.session()::streams).get()) {
            StreamEndpoint endpoint = offer.endpoint();
            String shown = endpoint.uri() + " " + offer.name() + " " + endpoint.quirks();
            Expect.that(
                    !shown.contains(password) && !shown.contains(Secrets.encoded(password)),
                    "The stream " + offer.role() + " shows the password in its address, name or quirks.");
        }
    }

    private static void playable(Scene scene) throws Exception {
        StreamEndpoint main =
                scene.ask("streams()", scene.session()::streams).get().get(0).endpoint();
        Expect.that(main.uri().getScheme() != null, "The main stream has no scheme.");
        if (!main.uri().getScheme().equals("rtsp")) {
            throw new NotTried("the kit looks at RTSP only, not " + main.uri().getScheme());
        }
        Described.require(main, scene.device().target().credentials());
    }

    private static void functionsAtOnce(Scene scene) throws Exception {
        CameraSession session = scene.session();
        List<Boolean> first = offered(session);
        if (scene.device().camera().isPresent()) {
            scene.sick(FaultKind.SILENT.fault());
        }
        Expect.that(first.equals(offered(session)), "Asked again, the session offers other control functions.");
    }

    private static List<Boolean> offered(CameraSession session) throws Exception {
        return Expect.atOnce("capability()", () -> {
            List<Boolean> offered = new ArrayList<>();
            for (Class<? extends Capability> type : KNOWN) {
                offered.add(session.capability(type).isPresent());
            }
            return offered;
        });
    }

    private static void unknownFunction(Scene scene) throws Exception {
        CameraSession session = scene.session();
        Expect.that(
                scene.ask("capability(unknown)", () -> session.capability(OfLater.class))
                        .get()
                        .isEmpty(),
                "The driver says that it has a function it cannot know.");
    }
}

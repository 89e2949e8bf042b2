// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.tck.device.TestDevice;
import org.nxvms.driver.tck.stage.Calls.Answer;
import org.nxvms.driver.tck.stage.Hostile;
import org.nxvms.simulator.fault.FaultKind;

/** That each trouble has its kind, which decides what the platform does next (DriverException.Kind). */
final class ErrorRules {
    static final List<Rule> ALL = List.of(
            Rule.of(
                    "errors.address",
                    "An address that cannot work is refused with kind CONFIG: it is not tried again.",
                    ErrorRules::address),
            Rule.of("errors.refused", "A device that is off is UNREACHABLE: it is tried again.", ErrorRules::refused),
            Rule.of("errors.password", "A wrong password is AUTH: it is tried again slowly.", ErrorRules::password),
            Rule.of(
                    "errors.no-lock-out",
                    "A password that is refused is tried twice at most, so that no account is locked.",
                    ErrorRules::noLockOut),
            Rule.of(
                    "errors.digest-only",
                    "Who asks for the password itself does not get it where it may be shown by Digest only.",
                    ErrorRules::digestOnly),
            Rule.of("errors.busy", "A device that has no place for another event stream is BUSY.", ErrorRules::busy),
            Rule.of(
                    "errors.messages",
                    "Each failure has a message for people, without control characters and passwords.",
                    ErrorRules::messages),
            Rule.of(
                    "errors.own-class",
                    "Failures are of the contract's own class: one of the driver's would keep its class loader.",
                    ErrorRules::ownClass));

    private static final int LOGINS_MAX = 2;
    private static final int MESSAGE_MAX = 500;
    private static final String WRONG_PASSWORD = "wrong-Secret-3!x";

    private ErrorRules() {}

    private static void address(Scene scene) throws Exception {
        String scheme = scene.device().target().address().getScheme();
        for (String typed : List.of("nxvms-nothing://192.0.2.1/x", scheme + ":nowhere", scheme + "://192.0.2.1:0/")) {
            Answer<CameraSession> opened = scene.tryOpen(scene.device().at(URI.create(typed)));
            Expect.that(opened.failed(), "The address " + typed + " is taken.");
            Expect.kind(opened.failure(), "With the address " + typed, Kind.CONFIG);
        }
    }

    /** A port that is taken, so that nobody else takes it, and that nobody listens on. */
    private static Socket deaf() throws Exception {
        Socket bound = new Socket();
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return bound;
    }

    private static void refused(Scene scene) throws Exception {
        try (Socket bound = deaf()) {
            DriverException failure = Contact.failing(scene, scene.device().at(bound.getLocalPort()));
            Expect.kind(failure, "With a device that is off", Kind.UNREACHABLE);
        }
    }

    private static DeviceTarget wrongPassword(TestDevice device) {
        Credentials right =
                device.target().credentials().orElseThrow(() -> new NotTried("the device asks for no login"));
        return device.as(new Credentials(right.username(), WRONG_PASSWORD));
    }

    private static void password(Scene scene) throws Exception {
        DriverException failure = Contact.failing(scene, wrongPassword(scene.device()));
        Expect.kind(failure, "With a wrong password", Kind.AUTH);
    }

    private static void noLockOut(Scene scene) throws Exception {
        Hostile locked = scene.hostile(Hostile::locked);
        DeviceTarget target = scene.device().at(locked.port());
        if (target.credentials().isEmpty()) {
            throw new NotTried("the device asks for no login");
        }
        Answer<CameraSession> opened = scene.tryOpen(target);
        if (!opened.failed()) {
            throw new NotTried("the driver opens without a login");
        }
        long logins = locked.requests().stream()
                .filter(request -> request.contains("Authorization: "))
                .count();
        Expect.that(
                logins <= LOGINS_MAX,
                "A device that refused the password was given it " + logins + " times by one call.");
    }

    private static void digestOnly(Scene scene) throws Exception {
        CameraDriver driver = scene.driver();
        boolean recognizes = scene.ask("search()", driver::search)
                .get()
                .map(DeviceSearch::recognizes)
                .orElse(false);
        if (!recognizes) {
            throw new NotTried("the driver does not know devices again by its search");
        }
        Hostile curious = scene.hostile(Hostile::curious);
        DeviceTarget there = scene.device().at(curious.port());
        Credentials login = there.credentials().orElseThrow(() -> new NotTried("the device asks for no login"));
        Contact.with(
                scene,
                new DeviceTarget(
                        there.address(),
                        there.subAddress(),
                        Optional.of(login.onlyByDigest()),
                        there.settings(),
                        there.timeoutMs()));
        if (curious.requests().isEmpty()) {
            throw new NotTried("the driver opens without asking the device");
        }
        Expect.that(
                curious.requests().stream()
                        .noneMatch(request -> request.toLowerCase(Locale.ROOT).contains("authorization: basic")),
                "A device that asked for the password itself (Basic) was given it, though the credentials are for Digest"
                        + " only.");
    }

    private static void busy(Scene scene) throws Exception {
        scene.inside();
        CameraSession session = scene.session();
        DeviceEvents events = scene.require(session, DeviceEvents.class);
        scene.sick(FaultKind.SESSION_LIMIT.fault(0));
        Answer<DeviceEvents.Feed> feed = scene.ask("subscribe()", events::subscribe);
        if (!feed.failed()) {
            feed.get().close();
            throw new NotTried("this device always has a place");
        }
        Expect.kind(feed.failure(), "With a device that is full", Kind.BUSY);
    }

    /** {@return failures of all sorts, by what was done} */
    private static Map<String, DriverException> failures(Scene scene) throws Exception {
        TestDevice device = scene.device();
        Map<String, DeviceTarget> troubles = new LinkedHashMap<>();
        troubles.put("With an address that is none", device.at(URI.create("nxvms-nothing://192.0.2.1/x")));
        troubles.put("With garbage", device.at(scene.hostile(Hostile::garbage).port()));
        troubles.put("With silence", device.at(scene.hostile(Hostile::silent).port()));
        troubles.put(
                "With a refused login", device.at(scene.hostile(Hostile::locked).port()));
        troubles.put(
                "With a connection that breaks off",
                device.at(scene.hostile(Hostile::breakOff).port()));
        Map<String, DriverException> failures = new LinkedHashMap<>();
        for (Map.Entry<String, DeviceTarget> trouble : troubles.entrySet()) {
            Optional<DriverException> failure = Contact.with(scene, trouble.getValue());
            failure.ifPresent(seen -> failures.put(trouble.getKey(), seen));
        }
        return failures;
    }

    private static void messages(Scene scene) throws Exception {
        String password =
                scene.device().target().credentials().map(Credentials::password).orElse("");
        failures(scene).forEach((when, failure) -> {
            String message = String.valueOf(failure.getMessage());
            Expect.that(!message.isBlank() && failure.getMessage() != null, when + ", the failure has no message.");
            Expect.that(
                    message.length() <= MESSAGE_MAX,
                    when + ", the message has " + message.length() + " characters; " + MESSAGE_MAX + " are read.");
            Expect.that(
                    message.chars().noneMatch(Character::isISOControl),
                    when + ", the message holds control characters, which may be the device's.");
            Expect.that(
                    password.isEmpty() || !Secrets.tells(failure, password),
                    when + ", the failure tells the password.");
        });
    }

    private static void ownClass(Scene scene) throws Exception {
        failures(scene)
                .forEach((when, failure) -> Expect.that(
                        failure.getClass() == DriverException.class,
                        when + ", the failure is of the class "
                                + failure.getClass().getName() + "."));
    }
}

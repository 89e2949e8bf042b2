// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.util.List;
import java.util.Optional;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.tck.stage.Hostile;

/** That a device which means harm, or is broken, takes no more than a call: no memory, no stack, no login. */
final class LimitRules {
    static final List<Rule> ALL = List.of(
            rule("limits.garbage", "Random bytes instead of an answer are a failure.", Hostile::garbage),
            rule(
                    "limits.endless-body",
                    "An answer without an end is given up after some megabytes.",
                    Hostile::endlessBody),
            rule("limits.endless-header", "So is a header line without an end.", Hostile::endlessHeader),
            rule("limits.endless-headers", "So are headers without an end.", Hostile::endlessHeaders),
            rule("limits.false-length", "Memory is not taken for what a device only announces.", Hostile::falseLength),
            rule("limits.deep-json", "JSON nested 200 000 deep is a failure, not a stack overflow.", Hostile::deepJson),
            rule("limits.deep-xml", "So is XML.", Hostile::deepXml),
            rule("limits.breaks-off", "An answer that breaks off is a failure, not half an answer.", Hostile::breakOff),
            Rule.of("limits.redirect", "A device cannot send the login on to somebody else.", LimitRules::redirect),
            Rule.of(
                    "limits.external-entity",
                    "A device cannot have the server fetch something elsewhere by its XML.",
                    LimitRules::externalEntity));

    private LimitRules() {}

    private static Rule rule(String id, String says, Hostile.Manner manner) {
        return Rule.of(id, says, scene -> bounded(scene, scene.hostile(manner)));
    }

    private static void bounded(Scene scene, Hostile hostile) throws Exception {
        Optional<DriverException> failure = Contact.with(scene, scene.device().at(hostile.port()));
        Expect.that(
                hostile.sent() <= Hostile.TAKEN_MAX,
                "The driver took more than " + (Hostile.TAKEN_MAX >> 20) + " MiB of one answer.");
        if (hostile.connections() == 0) {
            throw new NotTried("the driver asks nothing of the device");
        }
        Expect.that(failure.isPresent(), "The driver takes this for the answer of a device.");
        // CONFIG would not be tried again, and AUTH would tell the wrong story.
        Expect.kind(
                failure.orElseThrow(),
                "With such an answer",
                Kind.UNREACHABLE,
                Kind.PROTOCOL,
                Kind.UNSUPPORTED,
                Kind.BUSY);
    }

    private static void redirect(Scene scene) throws Exception {
        Credentials login =
                scene.device().target().credentials().orElseThrow(() -> new NotTried("the device asks for no login"));
        Hostile elsewhere = scene.hostile(Hostile::garbage);
        Hostile device = scene.hostile(Hostile.leadingTo(elsewhere.port()));
        Contact.with(scene, scene.device().at(device.port()));
        if (device.connections() == 0) {
            throw new NotTried("the driver asks nothing of the device");
        }
        for (String request : elsewhere.requests()) {
            Expect.that(
                    !request.contains("Authorization") && !request.contains(login.password()),
                    "The login went to another host, where the device had pointed to.");
        }
    }

    private static void externalEntity(Scene scene) throws Exception {
        Hostile elsewhere = scene.hostile(Hostile::breakOff);
        Hostile device = scene.hostile(Hostile.pointingTo(elsewhere.port()));
        Contact.with(scene, scene.device().at(device.port()));
        if (device.connections() == 0) {
            throw new NotTried("the driver asks nothing of the device");
        }
        Expect.that(
                elsewhere.connections() == 0,
                "The driver fetched what an external entity in the device's XML names; forbid DTDs in the parser.");
    }
}

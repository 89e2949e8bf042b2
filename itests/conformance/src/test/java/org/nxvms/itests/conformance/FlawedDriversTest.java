// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nxvms.driver.tck.ConformanceKit;
import org.nxvms.driver.tck.DriverConformance;
import org.nxvms.driver.tck.Outcome;
import org.nxvms.driver.tck.Outcome.Result;
import org.nxvms.driver.tck.device.SimulatedDevices;
import org.nxvms.driver.tck.device.TestDevices;
import org.nxvms.driver.tck.rule.Rule;
import org.nxvms.driver.tck.rule.Rules;
import org.nxvms.itests.conformance.flawed.FlawedDriver;
import org.nxvms.simulator.vapix.VapixDialect;

/**
 * A rule that no driver breaks would be worth nothing: for each there is a driver with one flaw that it finds, and without the
 * flaw the same driver keeps it. {@code -Dnxvms.tck.full=true} also tries what takes long.
 */
class FlawedDriversTest {
    private static final Set<String> OF_THE_JAR = Set.of("manifest.laws", "manifest.java", "manifest.process");
    /** What the good driver has nothing for; its flaw is to have it, badly. */
    private static final Set<String> NOT_OFFERED = Set.of(
            "tours.unknown",
            "users.kept",
            "users.unknown",
            "errors.digest-only",
            "encoders.described",
            "encoders.set",
            "encoders.range",
            "encoders.unknown",
            "masks.described",
            "masks.created",
            "masks.changed",
            "masks.removed",
            "masks.full",
            "masks.shape",
            "masks.unknown",
            "push.optional",
            "push.closed",
            "push.garbage");
    /** Tried in full runs only. */
    private static final Set<String> SLOW = Set.of("events.dead");

    private static final boolean FULL = Boolean.getBoolean(DriverConformance.FULL);

    @TempDir
    static Path folder;

    /** Ends the id of a rule that is tried with the driver as it was. */
    private static final String FLAWLESS = " (without the flaw)";

    private static List<Outcome> outcomes;

    @BeforeAll
    static void tryAll() throws Exception {
        Path good = FlawedJar.breaking("none", folder);
        try (TestDevices devices = SimulatedDevices.speaking("VAPIX", VapixDialect::new)) {
            // All in one run, as most of them wait most of the time.
            List<Rule> twice =
                    rules().flatMap(rule -> Stream.of(rule, flawless(rule))).toList();
            outcomes = ConformanceKit.run(
                    twice,
                    rule -> rule.id().endsWith(FLAWLESS) ? good : FlawedJar.breaking(rule.id(), folder),
                    devices,
                    FULL);
        }
    }

    static Stream<Rule> rules() {
        return Rules.all().stream().filter(rule -> FULL || !SLOW.contains(rule.id()));
    }

    private static Rule flawless(Rule rule) {
        return new Rule(rule.id() + FLAWLESS, rule.says(), rule.alone(), rule.check());
    }

    private static Outcome of(Rule rule) {
        return outcomes.stream()
                .filter(outcome -> outcome.rule().equals(rule))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void eachRuleHasADriverThatBreaksIt() {
        assertThat(Rules.all())
                .allMatch(rule -> FlawedDriver.breaks(rule.id()) || OF_THE_JAR.contains(rule.id()))
                .hasSizeGreaterThan(60)
                .doesNotHaveDuplicates();
        assertThat(Rules.all().stream().map(Rule::id)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theRuleFindsTheFlaw(Rule rule) {
        Outcome outcome = of(rule);
        assertThat(outcome.result()).as("%s: %s", rule, outcome.why()).isEqualTo(Result.FAILED);
        assertThat(outcome.why()).as("what was seen instead").hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void withoutTheFlawItIsKept(Rule rule) {
        Outcome outcome = of(flawless(rule));
        assertThat(outcome.result())
                .as("%s: %s", rule, outcome.why())
                .isEqualTo(NOT_OFFERED.contains(rule.id()) ? Result.SKIPPED : Result.PASSED);
    }
}

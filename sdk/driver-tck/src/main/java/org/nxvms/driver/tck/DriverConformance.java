// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nxvms.driver.tck.Outcome.Result;
import org.nxvms.driver.tck.device.TestDevices;
import org.nxvms.driver.tck.rule.Rules;

/**
 * The kit among a project's tests. It needs the driver's jar, so it runs after {@code package}; the archetype's pom shows how.
 *
 * <pre>{@code
 * class AcmeConformance extends DriverConformance {
 *     @Override
 *     protected TestDevices devices() throws IOException {
 *         return SimulatedDevices.speaking("VAPIX", VapixDialect::new);
 *     }
 * }
 * }</pre>
 *
 * System properties: {@value #DRIVER} (the jar), {@value #FULL} ({@code true}: rules take all the time they need). What was
 * found is written to {@code conformance/} beside the jar, and put into the jar.
 */
public abstract class DriverConformance {
    /** System property: the jar that is tried. */
    public static final String DRIVER = "nxvms.tck.driver";
    /** System property: whether slow rules are tried, and the others longer. */
    public static final String FULL = "nxvms.tck.full";

    /** {@return what the driver is tried on; closed after the run} */
    protected abstract TestDevices devices() throws IOException;

    @TestFactory
    final Stream<DynamicTest> theDriverKeepsTheContract() throws Exception {
        String named = System.getProperty(DRIVER);
        if (named == null || !Files.isRegularFile(Path.of(named))) {
            throw new IllegalStateException("the system property " + DRIVER + " names no jar: " + named
                    + "; run this after package, with the jar's path");
        }
        Path jar = Path.of(named);
        boolean full = Boolean.getBoolean(FULL);
        List<Outcome> outcomes;
        Score score;
        try (TestDevices devices = devices()) {
            outcomes = ConformanceKit.run(Rules.all(), jar, devices, full);
            score = Score.of(jar, devices.name(), full, outcomes);
        }
        Report.write(jar.resolveSibling("conformance"), jar.getFileName().toString(), score);
        score.putInto(jar);
        // What could not be tried is no test of this project; the report tells it, with the reason.
        return outcomes.stream()
                .filter(outcome -> outcome.result() != Result.SKIPPED)
                .map(outcome -> DynamicTest.dynamicTest(outcome.rule().id(), () -> tell(outcome)));
    }

    private static void tell(Outcome outcome) {
        if (outcome.result() == Result.FAILED) {
            throw new AssertionError(
                    outcome.rule().says() + " " + outcome.why(), outcome.seen().orElse(null));
        }
    }
}

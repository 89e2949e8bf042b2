// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.container;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.apache.karaf.features.BootFinished;
import org.apache.karaf.features.FeaturesService;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;

/**
 * A feature operation on the server as it boots, with Karaf's default options, finds no wiring to repair.
 * If it did, every operation on any driver would restart bundles that have nothing to do with it.
 *
 * <p>Karaf says what it would do only in its log, so that is what is read.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class RefreshDebtIT {
    private static final String REFRESH = "Bundles to refresh:";
    private static final String NOTHING = "No deployment change.";

    @Inject
    private BootFinished booted;

    @Inject
    private FeaturesService features;

    @Configuration
    public Option[] configuration() throws Exception {
        return PackedContainer.options("debt").toArray(Option[]::new);
    }

    @Test
    public void anOperationThatChangesNothingRefreshesNothing() throws Exception {
        String version = features.getFeature("nxvms-core").getVersion();
        String said = simulated(
                NOTHING,
                () -> features.installFeatures(
                        Set.of("nxvms-core/" + version), EnumSet.of(FeaturesService.Option.Simulate)));
        assertTrue(said, said.contains(NOTHING));
        assertTrue(said, !said.contains(REFRESH));
    }

    @Test
    public void removingADriverRefreshesTheDriverAlone() throws Exception {
        String version = features.getFeature("nxvms-driver-rtsp").getVersion();
        String said = simulated(
                REFRESH,
                () -> features.uninstallFeatures(
                        Set.of("nxvms-driver-rtsp/" + version), EnumSet.of(FeaturesService.Option.Simulate)));
        List<String> refreshed = said.substring(said.indexOf(REFRESH) + REFRESH.length())
                .lines()
                .filter(line -> line.contains("FeaturesServiceImpl"))
                .map(line -> line.substring(line.lastIndexOf('|') + 1).strip())
                .toList();
        assertEquals(List.of("org.nxvms.driver.rtsp/" + version + " (Bundle will be uninstalled)"), refreshed);
    }

    private interface Operation {
        void run() throws Exception;
    }

    /** What the log said during an operation, up to and a little beyond the line that ends it. */
    private static String simulated(String lastHeading, Operation operation) throws Exception {
        Path log = Path.of(System.getProperty("karaf.log"), "nxvms.log");
        long before = Files.size(log);
        operation.run();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        String said = "";
        while (System.nanoTime() < end) {
            String more = textFrom(log, before);
            // Complete when nothing was added for a moment after the heading.
            if (more.contains(lastHeading) && more.equals(said)) {
                return said;
            }
            said = more;
            new CountDownLatch(1).await(1, TimeUnit.SECONDS);
        }
        fail("the log does not say \"" + lastHeading + "\": " + said);
        return said;
    }

    private static String textFrom(Path log, long position) throws IOException {
        byte[] all = Files.readAllBytes(log);
        return new String(all, (int) position, all.length - (int) position, StandardCharsets.UTF_8);
    }
}

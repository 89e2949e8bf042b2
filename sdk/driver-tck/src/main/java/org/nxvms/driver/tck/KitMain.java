// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.tck.Outcome.Result;
import org.nxvms.driver.tck.device.OneDevice;
import org.nxvms.driver.tck.device.SimulatedDevices;
import org.nxvms.driver.tck.device.TestDevices;
import org.nxvms.driver.tck.rule.Rules;
import org.nxvms.simulator.onvif.OnvifDialect;
import org.nxvms.simulator.vapix.VapixDialect;

/** The kit by hand: {@code java -jar nxvms-driver-tck-VERSION.jar --help}. */
public final class KitMain {
    private static final String USAGE =
            """
            Usage: java -jar nxvms-driver-tck-VERSION.jar [options] DRIVER.jar
              --simulate KIND   simulated cameras: vapix, onvif (both HTTP), rtsp (streams only)
              --address URI     a real device, as an administrator would type its address
              --user NAME       its login; the password is taken from DEVICE_PASSWORD in the environment
              --timeout-ms N    how long a call on it may take, 1000..60000 (5000)
              --may-act         it may be moved, switched and have its clock set
              --set NAME=VALUE  a setting of the driver; may be repeated
              --full            rules take the time that they need to be sure (minutes)
              --report FOLDER   where reports are written (conformance/ beside the jar)
              --stamp           puts the score into the jar, where installers look for it
            Ends with 0 when no rule is broken, with 1 when one is, with 2 when it could not run.
            """;

    private Path jar;
    private String simulate = "";
    private String address = "";
    private String user = "";
    private int timeoutMs = 5_000;
    private boolean mayAct;
    private boolean full;
    private boolean stamp;
    private Path report;
    private final Map<String, String> settings = new TreeMap<>();

    private KitMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    static int run(List<String> arguments, PrintStream out, PrintStream err) throws InterruptedException {
        if (arguments.contains("--help")) {
            out.print(USAGE);
            return 0;
        }
        KitMain kit = new KitMain();
        try {
            kit.read(arguments);
            return kit.run(out);
        } catch (IllegalArgumentException | IOException wrong) {
            err.println(wrong.getMessage());
            return 2;
        }
    }

    private void read(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String option = arguments.get(i);
            switch (option) {
                case "--may-act" -> mayAct = true;
                case "--full" -> full = true;
                case "--stamp" -> stamp = true;
                case "--simulate", "--address", "--user", "--timeout-ms", "--set", "--report" -> {
                    i++;
                    if (i == arguments.size()) {
                        throw new IllegalArgumentException(option + " wants a value; see --help");
                    }
                    take(option, arguments.get(i));
                }
                default -> {
                    if (option.startsWith("--") || jar != null) {
                        throw new IllegalArgumentException("there is no option " + option + "; see --help");
                    }
                    jar = Path.of(option);
                }
            }
        }
        if (jar == null || !Files.isRegularFile(jar)) {
            throw new IllegalArgumentException(
                    jar == null ? "which driver? give its jar; see --help" : "there is no file " + jar);
        }
        if (simulate.isEmpty() == address.isEmpty()) {
            throw new IllegalArgumentException("give either --simulate or --address; see --help");
        }
    }

    private void take(String option, String value) {
        switch (option) {
            case "--simulate" -> simulate = value;
            case "--address" -> address = value;
            case "--user" -> user = value;
            case "--report" -> report = Path.of(value);
            case "--timeout-ms" -> {
                if (!value.matches("[0-9]{4,5}")) {
                    throw new IllegalArgumentException("--timeout-ms wants 1000..60000, not " + value);
                }
                timeoutMs = Integer.parseInt(value);
            }
            default -> {
                int equals = value.indexOf('=');
                if (equals < 1) {
                    throw new IllegalArgumentException("--set wants NAME=VALUE, not " + value);
                }
                settings.put(value.substring(0, equals), value.substring(equals + 1));
            }
        }
    }

    private TestDevices devices() throws IOException {
        return switch (simulate) {
            case "vapix" ->
                SimulatedDevices.speaking("VAPIX", VapixDialect::new).with(settings);
            case "onvif" ->
                SimulatedDevices.speaking("ONVIF", OnvifDialect::new).with(settings);
            case "rtsp" -> SimulatedDevices.streaming().with(settings);
            case "" ->
                new OneDevice(
                        new DeviceTarget(
                                URI.create(address),
                                Optional.empty(),
                                user.isEmpty()
                                        ? Optional.empty()
                                        : Optional.of(new Credentials(
                                                user,
                                                Optional.ofNullable(System.getenv("DEVICE_PASSWORD"))
                                                        .orElse(""))),
                                settings,
                                timeoutMs),
                        mayAct);
            default -> throw new IllegalArgumentException("--simulate knows vapix, onvif and rtsp, not " + simulate);
        };
    }

    private int run(PrintStream out) throws IOException, InterruptedException {
        Score score;
        try (TestDevices devices = devices()) {
            List<Outcome> outcomes = ConformanceKit.run(Rules.all(), jar, devices, full);
            score = Score.of(jar, devices.name(), full, outcomes);
        }
        for (Outcome outcome : score.outcomes()) {
            if (outcome.result() != Result.PASSED) {
                out.println(outcome.result() + " " + outcome.rule().id() + ": "
                        + outcome.rule().says() + " " + outcome.why());
            }
        }
        Path folder = report == null ? jar.toAbsolutePath().resolveSibling("conformance") : report;
        Report.write(folder, jar.getFileName().toString(), score);
        if (stamp) {
            score.putInto(jar);
        }
        out.println(score.count(Result.PASSED) + " passed, " + score.count(Result.FAILED) + " failed, "
                + score.count(Result.SKIPPED) + " skipped; reports in " + folder);
        return score.count(Result.FAILED) == 0 ? 0 : 1;
    }
}

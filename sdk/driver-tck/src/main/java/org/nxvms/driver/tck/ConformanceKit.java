// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.nxvms.driver.tck.Outcome.Result;
import org.nxvms.driver.tck.device.TestDevices;
import org.nxvms.driver.tck.rule.NotTried;
import org.nxvms.driver.tck.rule.Rule;
import org.nxvms.driver.tck.rule.Scene;
import org.nxvms.driver.tck.stage.Stage;
import org.osgi.framework.BundleException;

/** Tries rules with one driver: first, side by side, those that disturb nobody, then the others one by one. */
public final class ConformanceKit {
    /** What scores name; another one when a driver that passed may fail. */
    public static final String VERSION = "1.1";

    /** Most rules wait for a device; as many as there are simulated ones. */
    private static final int BESIDE = 16;

    private ConformanceKit() {}

    /** {@return what came of each rule, in their order} Blocks for some seconds; in a full run for minutes. */
    public static List<Outcome> run(List<Rule> rules, Path jar, TestDevices devices, boolean full)
            throws IOException, InterruptedException {
        return run(rules, rule -> jar, devices, full);
    }

    /** As {@link #run(List, Path, TestDevices, boolean)}, with another jar for each rule: how the kit itself is tried. */
    public static List<Outcome> run(List<Rule> rules, Function<Rule, Path> jars, TestDevices devices, boolean full)
            throws IOException, InterruptedException {
        ExecutorService beside = Executors.newFixedThreadPool(BESIDE, task -> {
            Thread thread = new Thread(task, "tck-rule");
            thread.setDaemon(true);
            return thread;
        });
        try (Stage stage = new Stage()) {
            List<Future<Outcome>> begun = new ArrayList<>();
            for (Rule rule : rules) {
                Scene scene = new Scene(stage, jars.apply(rule), devices, full);
                Callable<Outcome> attempt = () -> attempt(rule, scene);
                begun.add(rule.alone() ? null : beside.submit(attempt));
            }
            List<Outcome> outcomes = new ArrayList<>();
            for (Future<Outcome> one : begun) {
                outcomes.add(one == null ? null : one.get());
            }
            for (int i = 0; i < rules.size(); i++) {
                if (outcomes.get(i) == null) {
                    outcomes.set(i, attempt(rules.get(i), new Scene(stage, jars.apply(rules.get(i)), devices, full)));
                }
            }
            return outcomes;
        } catch (BundleException notStarted) {
            throw new IOException("the kit's framework does not start: " + notStarted.getMessage(), notStarted);
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            beside.shutdownNow();
        }
    }

    private static Outcome attempt(Rule rule, Scene scene) {
        long startNano = System.nanoTime();
        try (scene) {
            rule.check().on(scene);
        } catch (NotTried notTried) {
            return new Outcome(rule, Result.SKIPPED, notTried.getMessage(), Optional.empty(), sinceMs(startNano));
        } catch (Throwable broken) {
            return new Outcome(
                    rule,
                    Result.FAILED,
                    String.valueOf(broken.getMessage() == null ? broken : broken.getMessage()),
                    Optional.of(broken),
                    sinceMs(startNano));
        }
        return new Outcome(rule, Result.PASSED, "", Optional.empty(), sinceMs(startNano));
    }

    private static long sinceMs(long startNano) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNano);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.plugin.SwapReceipt;
import org.nxvms.platform.api.plugin.SwapReceipt.Outcome;

/**
 * {@code kill -9} at any moment of any operation leaves the old or the new plugin, never none, never two. {@code
 * -Dnxvms.kills=500} for the long run; {@code -Dnxvms.seed} repeats one.
 */
class KillTest {
    private static final int KILLS = Integer.getInteger("nxvms.kills", 4);

    @TempDir
    private Path folder;

    @Test
    void killedAtAnyMomentOneOfTheTwoIsThere() throws Exception {
        long seed = Long.getLong("nxvms.seed", System.nanoTime());
        Random random = new Random(seed);
        int amid = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            List<String> said = killOnce(random);
            String last = said.get(said.size() - 1);
            String done = said.stream()
                    .filter(line -> line.startsWith("DONE "))
                    .reduce((first, second) -> second)
                    .orElseThrow()
                    .substring("DONE ".length());
            Optional<String> begun =
                    last.startsWith("BEGIN ") ? Optional.of(last.substring("BEGIN ".length())) : Optional.empty();
            amid += begun.isPresent() ? 1 : 0;
            assertSettled("seed " + seed + ", kill " + kill + ", after " + said, done, begun);
        }
        assertThat(amid).as("kills amid an operation, seed " + seed).isPositive();
    }

    private void assertSettled(String when, String done, Optional<String> begun) throws Exception {
        try (TestFramework framework = TestFramework.reconciled(folder)) {
            String state = KillVictim.state(framework);
            List<String> possible = new ArrayList<>(List.of(done));
            begun.ifPresent(possible::add);
            assertThat(state).as(when).isIn(possible);
            boolean up = state.endsWith("/up");
            List<String> serves = up ? List.of(state.substring(0, state.indexOf('/'))) : List.of();
            if (up) {
                Stories.until(() -> framework.serving().equals(serves));
            }
            assertThat(framework.serving()).as(when).isEqualTo(serves);
            assertThat(framework.plugins()).as(when).hasSize(serves.size());
            assertThat(framework.installer.receipts(50, Optional.empty()))
                    .as(when)
                    .extracting(SwapReceipt::outcome)
                    .doesNotContain(Outcome.RUNNING);
        }
    }

    /** {@return what the process said until it was killed} */
    private List<String> killOnce(Random random) throws IOException, InterruptedException {
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KillVictim.class.getName(),
                        folder.toString(),
                        String.valueOf(random.nextLong()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> said = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
            int wait = 1 + random.nextInt(6);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
                if (said.size() == wait) {
                    // Not waiting for anything: somewhere within what comes next.
                    LockSupport.parkNanos(random.nextInt(30_000_000));
                    // By its handle: what it said last is still to be read.
                    victim.toHandle().destroyForcibly();
                }
            }
            assertThat(victim.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            victim.destroyForcibly();
        }
        assertThat(said).as("what the process said").isNotEmpty();
        return said;
    }
}

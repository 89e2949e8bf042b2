// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;

/** One of {@code itests/browser/*.bench.ts}: what it does in Chromium, and what it has written down. */
final class BrowserStory {
    private static final Path STORIES = Path.of(System.getProperty("nxvms.root"), "itests", "browser")
            .toAbsolutePath()
            .normalize();
    private static final Duration LIMIT = Duration.ofMinutes(15);

    private BrowserStory() {}

    /**
     * Has it done.
     *
     * @param name of the story, without {@code .bench.ts}
     * @param settings for its environment
     * @return the file that {@code BENCH_FILE} names to it
     */
    static JsonNode tell(String name, Api api, Map<String, String> settings) throws Exception {
        return tell(name, api, settings, LIMIT);
    }

    /** As {@link #tell(String, Api, Map)}, for one that takes longer. */
    static JsonNode tell(String name, Api api, Map<String, String> settings, Duration limit) throws Exception {
        Path work = Files.createDirectories(Path.of(System.getProperty("nxvms.work")));
        Commands.logged(
                process("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund"), work.resolve("npm.log"), LIMIT);
        Path seen = work.resolve(name + ".json").toAbsolutePath();
        Files.deleteIfExists(seen);
        ProcessBuilder story = process(
                "node_modules/.bin/vitest",
                "run",
                name + ".bench.ts",
                "--config",
                "vitest.bench.config.ts",
                "--reporter=default");
        story.environment().put("BASE_URL", api.base());
        story.environment().put("ADMIN_PASSWORD", PackedServer.PASSWORD);
        story.environment().put("BENCH_FILE", seen.toString());
        story.environment().putAll(settings);
        Commands.logged(story, work.resolve(name + ".log"), limit);
        return new ObjectMapper().readTree(seen.toFile());
    }

    private static ProcessBuilder process(String... command) {
        return new ProcessBuilder(command).directory(STORIES.toFile());
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.nxvms.platform.api.plugin.Plugin;
import org.nxvms.platform.api.plugin.PluginSource;
import org.nxvms.platform.api.plugin.PluginVersion;

/** A process that installs, updates, rolls back, disables, enables and removes until it is killed, and says what it does. */
final class KillVictim {
    private static final List<String> VERSIONS = List.of("1.0.0", "1.1.0", "1.2.0");

    private final TestFramework framework;
    private final Random random;

    private KillVictim(TestFramework framework, Random random) {
        this.framework = framework;
        this.random = random;
    }

    /** Folder, seed. */
    public static void main(String[] arguments) throws Exception {
        TestFramework framework = TestFramework.reconciled(Path.of(arguments[0]));
        KillVictim victim = new KillVictim(framework, new Random(Long.parseLong(arguments[1])));
        if (!framework.installer.plugins().isEmpty()) {
            Stories.until(() -> framework.installer.plugins().get(0).state() != Plugin.State.STARTING);
        }
        say("DONE", state(framework));
        while (true) {
            victim.operate();
        }
    }

    private interface Operation {
        void run() throws Exception;
    }

    private void operate() throws Exception {
        Optional<Plugin> now = framework.installer.find(PluginJar.NAME);
        if (now.isEmpty()) {
            String version = VERSIONS.get(random.nextInt(VERSIONS.size()));
            does(version + "/-/up", () -> framework.installer.install(file(version), true, "test"));
            return;
        }
        String current = now.get().current().version();
        String previous = now.get().previous().map(PluginVersion::version).orElse("-");
        boolean up = now.get().state() != Plugin.State.DISABLED;
        int choice = random.nextInt(10);
        if (choice == 0) {
            does("none", () -> framework.installer.remove(PluginJar.NAME, "test"));
        } else if (choice <= 2) {
            String then = current + "/" + previous + "/" + (up ? "off" : "up");
            does(then, () -> {
                if (up) {
                    framework.installer.disable(PluginJar.NAME, "test");
                } else {
                    framework.installer.enable(PluginJar.NAME, "test");
                }
            });
        } else if (choice <= 5 && !previous.equals("-")) {
            does(previous + "/" + current + "/up", () -> framework.installer.rollback(PluginJar.NAME, "test"));
        } else {
            String next = VERSIONS.get((VERSIONS.indexOf(current) + 1) % VERSIONS.size());
            does(
                    next + "/" + current + "/up",
                    () -> framework.installer.update(PluginJar.NAME, file(next), true, "test"));
        }
    }

    private void does(String then, Operation operation) throws Exception {
        say("BEGIN", then);
        operation.run();
        say("DONE", state(framework));
    }

    static String state(TestFramework framework) {
        return framework
                .installer
                .find(PluginJar.NAME)
                .map(plugin -> plugin.current().version() + "/"
                        + plugin.previous().map(PluginVersion::version).orElse("-") + "/"
                        + (plugin.state() == Plugin.State.DISABLED ? "off" : "up"))
                .orElse("none");
    }

    private static PluginSource file(String version) {
        return PluginSource.uploaded(
                new ByteArrayInputStream(PluginJar.sample(version).bytes()));
    }

    private static void say(String what, String state) {
        System.out.println(what + " " + state);
        System.out.flush();
    }
}

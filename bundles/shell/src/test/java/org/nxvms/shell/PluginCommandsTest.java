// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.plugin.Plugin;
import org.nxvms.platform.api.plugin.PluginAdmin;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginSource;
import org.nxvms.platform.api.plugin.PluginTrial;
import org.nxvms.platform.api.plugin.PluginVersion;
import org.nxvms.platform.api.plugin.SwapReceipt;
import org.nxvms.platform.api.plugin.SwapReceipt.Operation;
import org.nxvms.platform.api.plugin.SwapReceipt.Outcome;
import org.nxvms.platform.api.plugin.TrustedCertificate;

/** Plugins are operated by commands; a refusal is a sentence. */
class PluginCommandsTest {
    private static final String NAME = "org.example.driver";
    private static final PluginVersion VERSION = new PluginVersion(
            "1.0.0",
            "Example",
            "Example Inc.",
            "Apache-2.0",
            List.of("(java.net.SocketPermission \"*\" \"connect\")"),
            Optional.of(new PluginVersion.Conformance("1.0", 61, 0, 2)),
            "ab12",
            "file:/tmp/driver.jar",
            Optional.of(new PluginVersion.Signer("CN=Example", "cd34")),
            Instant.EPOCH,
            "shell");

    private final List<String> asked = new ArrayList<>();
    private final Console console = new Console().with(PluginAdmin.class, Console.proxy(PluginAdmin.class, this::does));

    private Exception refusal;

    private Object does(String name, Object[] arguments) throws Exception {
        if (refusal != null) {
            throw refusal;
        }
        switch (name) {
            case "plugins":
                return List.of(new Plugin(NAME, Plugin.State.ACTIVE, "", VERSION, Optional.empty()));
            case "trusted":
                return List.of(new TrustedCertificate("cd34", "CN=Example", Instant.EPOCH));
            case "trust":
                asked.add("trust " + arguments[0]);
                return new TrustedCertificate("cd34", "CN=Example", Instant.EPOCH);
            case "distrust":
                return arguments[0].equals("cd34");
            case "install":
                asked.add("install " + ((PluginSource) arguments[0]).from() + " " + arguments[1] + " " + arguments[2]);
                return receipt(Operation.INSTALL);
            case "update":
                asked.add("update " + arguments[0] + " " + ((PluginSource) arguments[1]).from());
                return receipt(Operation.UPDATE);
            case "tryOut":
                asked.add("try " + arguments[0] + " " + ((PluginTrial) arguments[3]).soakSeconds());
                return receipt(Operation.UPDATE);
            default:
                asked.add(name + " " + arguments[0] + " " + arguments[1]);
                if (!arguments[0].equals(NAME)) {
                    throw new NoSuchResourceException("There is no plugin \"" + arguments[0] + "\".");
                }
                return receipt(Operation.REMOVE);
        }
    }

    private static SwapReceipt receipt(Operation operation) {
        return new SwapReceipt(
                new UUID(1, 2),
                operation,
                NAME,
                Optional.empty(),
                Optional.of("1.0.0"),
                Optional.empty(),
                "shell",
                Instant.EPOCH,
                Optional.of(Instant.EPOCH),
                Outcome.DONE,
                "",
                List.of(),
                9,
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    @Test
    void aPluginIsInstalledListedAndOperated() throws Exception {
        PluginInstallCommand install = new PluginInstallCommand();
        install.file = "/tmp/driver.jar";
        install.allowUnsigned = true;
        assertThat(console.run(install)).contains("Installed " + NAME + " 1.0.0", "Receipt " + new UUID(1, 2));
        PluginUpdateCommand update = new PluginUpdateCommand();
        update.plugin = NAME;
        update.file = "mvn:org.example/driver/1.1.0";
        assertThat(console.run(update)).contains("Updated");
        update.trial = true;
        update.soakSeconds = 10;
        assertThat(console.run(update)).contains("is being tried");
        update.soakSeconds = 9;
        assertThatThrownBy(() -> console.run(update))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("soakSeconds must be 10..");
        PluginListCommand list = new PluginListCommand();
        list.more = true;
        assertThat(console.run(list))
                .contains(NAME, "1.0.0", "active", "CN=Example", "61 passed, 0 failed, 2 skipped", "SocketPermission");

        PluginRollbackCommand rollback = new PluginRollbackCommand();
        rollback.plugin = NAME;
        assertThat(console.run(rollback)).contains("Back to");
        PluginDisableCommand disable = new PluginDisableCommand();
        disable.plugin = NAME;
        assertThat(console.run(disable)).contains("Disabled");
        PluginEnableCommand enable = new PluginEnableCommand();
        enable.plugin = NAME;
        assertThat(console.run(enable)).contains("Enabled");
        PluginRemoveCommand remove = new PluginRemoveCommand();
        remove.plugin = NAME;
        assertThat(console.run(remove)).contains("Removed");
        assertThat(asked)
                .containsExactly(
                        "install file:///tmp/driver.jar true shell",
                        "update " + NAME + " mvn:org.example/driver/1.1.0",
                        "try " + NAME + " 10",
                        "rollback " + NAME + " shell",
                        "disable " + NAME + " shell",
                        "enable " + NAME + " shell",
                        "remove " + NAME + " shell");
        remove.plugin = "org.example.none";
        assertThatThrownBy(() -> console.run(remove))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("There is no plugin");
    }

    @Test
    void certificatesAreTrustedListedAndTakenOut(@TempDir Path folder) throws Exception {
        PluginTrustCommand trust = new PluginTrustCommand();
        assertThat(console.run(trust)).contains("cd34", "CN=Example");
        trust.file = Files.writeString(folder.resolve("vendor.pem"), "PEM").toString();
        assertThat(console.run(trust)).contains("Trusted CN=Example");
        assertThat(asked).containsExactly("trust PEM");
        trust.file = folder.resolve("none.pem").toString();
        assertThatThrownBy(() -> console.run(trust)).hasMessageContaining("cannot read");
        trust.file = null;
        trust.remove = "cd34";
        assertThat(console.run(trust)).contains("Not trusted any more");
        trust.remove = "ef56";
        assertThatThrownBy(() -> console.run(trust)).hasMessageContaining("No certificate");
    }

    @Test
    void aRefusalNamesWhatIsToBlame() {
        PluginInstallCommand install = new PluginInstallCommand();
        install.file = "driver.jar";
        assertThatThrownBy(() -> console.run(install))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("absolute path");
        install.file = "file:/tmp/driver.jar";
        refusal = new PluginRefusedException(
                PluginRefusedException.Kind.MANIFEST, "Export-Package", "It exports something.");
        assertThatThrownBy(() -> console.run(install)).hasMessage("Refused, Export-Package: It exports something.");
        refusal = new IllegalStateException("Another operation is running");
        assertThatThrownBy(() -> console.run(install)).hasMessage("Another operation is running.");
    }
}

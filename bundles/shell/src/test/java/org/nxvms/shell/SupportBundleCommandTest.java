// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.karaf.features.Feature;
import org.apache.karaf.features.FeatureState;
import org.apache.karaf.features.FeaturesService;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.support.SupportBundles;
import org.nxvms.platform.api.support.SupportBusyException;

/** The support bundle as the shell writes it, and what the container adds to it. */
class SupportBundleCommandTest {
    @TempDir
    private Path folder;

    private final List<AuditNote> notes = new ArrayList<>();
    private boolean full;
    private boolean busy;

    private final SupportBundles bundles = new SupportBundles() {
        @Override
        public Written write(OutputStream out, Consumer<String> progress) throws IOException {
            if (busy) {
                throw new SupportBusyException();
            }
            progress.accept("server.json");
            out.write("zip".getBytes(StandardCharsets.UTF_8));
            if (full) {
                throw new IOException("No space left on device");
            }
            return new Written(13, 3);
        }
    };

    private final Console console = new Console()
            .with(SupportBundles.class, bundles)
            .with(
                    AuditTrail.class,
                    Console.proxy(AuditTrail.class, (name, arguments) -> notes.add((AuditNote) arguments[0])));

    private SupportBundleCommand to(Path file) {
        SupportBundleCommand command = new SupportBundleCommand();
        command.file = file.toString();
        return command;
    }

    @Test
    void itIsWrittenForItsOwnerAloneAndNoted() throws Exception {
        Path file = folder.resolve("help.zip");
        assertThat(console.run(to(file))).contains("server.json", "13 files are in " + file);
        assertThat(file).hasContent("zip");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(notes).extracting(AuditNote::action).containsExactly("support_bundle.made");
    }

    @Test
    void noFileIsWrittenOverAndNoTornOneStays() throws Exception {
        Path there = Files.writeString(folder.resolve("there.zip"), "mine");
        assertThatThrownBy(() -> console.run(to(there)))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("there already");
        assertThat(there).hasContent("mine");

        full = true;
        Path torn = folder.resolve("torn.zip");
        assertThatThrownBy(() -> console.run(to(torn)))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("No space left");
        busy = true;
        assertThatThrownBy(() -> console.run(to(torn)))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("Another support bundle");
        assertThat(torn).doesNotExist();
        assertThatThrownBy(() -> console.run(to(folder.resolve("no/such/folder.zip"))))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("Nothing can be written");
        assertThat(notes).isEmpty();
    }

    @Test
    void featuresAreToldWithTheirStates() {
        Feature feature = Console.proxy(Feature.class, (name, arguments) -> switch (name) {
            case "getName" -> "nxvms-core";
            case "getVersion" -> "0.1.0";
            case "getId" -> "nxvms-core/0.1.0";
            default -> throw new UnsupportedOperationException(name);
        });
        FeaturesService service = Console.proxy(FeaturesService.class, (name, arguments) -> switch (name) {
            case "listInstalledFeatures" -> new Feature[] {feature};
            case "getState" -> FeatureState.Started;
            default -> throw new UnsupportedOperationException(name);
        });
        assertThat(new InstalledFeatures(service).facts())
                .isEqualTo(Map.of(
                        "features", List.of(Map.of("name", "nxvms-core", "version", "0.1.0", "state", "started"))));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.backup.BackupException;
import org.nxvms.platform.api.backup.BackupSummary;
import org.nxvms.platform.api.backup.Backups;

/** Backups as the shell makes them and puts them back. */
class BackupCommandsTest {
    private static final Path MADE = Path.of("/data/backups/one.backup");
    private final List<String> asked = new ArrayList<>();
    private final List<AuditNote> notes = new ArrayList<>();
    private boolean ready;

    private final Backups backups = new Backups() {
        private BackupSummary summary(Path file) {
            return new BackupSummary(file, new UUID(1, 1), "North", Instant.EPOCH, 12, 3);
        }

        @Override
        public BackupSummary write(Optional<Path> file, String passphrase, Consumer<String> progress)
                throws BackupException {
            asked.add("write " + file + " " + passphrase);
            progress.accept("7 rows");
            if (passphrase.length() < PASSPHRASE_LENGTH_MIN) {
                throw new BackupException("too short");
            }
            return summary(file.orElse(MADE));
        }

        @Override
        public BackupSummary write(OutputStream out, String passphrase) {
            throw new AssertionError("the shell writes files");
        }

        @Override
        public Prepared prepare(Path file, String passphrase, boolean replace, Consumer<String> progress) {
            asked.add("prepare " + file + " " + passphrase + " " + replace);
            ready = true;
            return new Prepared(summary(file), replace ? Optional.of(MADE) : Optional.empty());
        }

        @Override
        public boolean cancel() {
            boolean was = ready;
            ready = false;
            return was;
        }
    };

    private final Console console = new Console()
            .with(Backups.class, backups)
            .with(
                    AuditTrail.class,
                    Console.proxy(AuditTrail.class, (name, arguments) -> notes.add((AuditNote) arguments[0])));

    @Test
    void thePassphraseIsAskedForTwiceAndNeverShown() throws Exception {
        assertThat(console.typing("correct horse battery").run(new BackupCommand()))
                .contains("7 rows", "12 rows and 3 files are in " + MADE)
                .doesNotContain("horse");
        assertThat(console.prompts()).hasSize(2);
        assertThat(asked).containsExactly("write Optional.empty correct horse battery");
        assertThat(notes).extracting(AuditNote::action).containsExactly("backup.made");
    }

    @Test
    void whatGoesWrongIsOneSentenceAndNotNoted() {
        assertThatThrownBy(() -> console.typing("short").run(new BackupCommand()))
                .isInstanceOf(CommandException.class)
                .hasMessage("too short");
        assertThatThrownBy(() -> console.run(new RestoreCommand()))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("Give the file");
        assertThat(notes).isEmpty();
    }

    @Test
    void aRestoreSaysWhatIsToBeDoneAndCanBeTakenBack() throws Exception {
        RestoreCommand restore = new RestoreCommand();
        restore.file = "/tmp/north.backup";
        restore.replace = true;
        assertThat(console.typing("correct horse battery").run(restore))
                .contains("The backup of North", "is whole", "What is here now is in " + MADE, "Restart the server");
        assertThat(asked).containsExactly("prepare /tmp/north.backup correct horse battery true");
        RestoreCommand back = new RestoreCommand();
        back.cancel = true;
        assertThat(console.run(back)).contains("taken back");
        assertThatThrownBy(() -> console.run(back)).hasMessageContaining("No restore is prepared");
        assertThat(notes)
                .extracting(AuditNote::action)
                .containsExactly("backup.restore_prepared", "backup.restore_cancelled");
    }
}

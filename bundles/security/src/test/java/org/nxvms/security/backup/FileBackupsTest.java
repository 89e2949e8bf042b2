// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.backup.BackupException;
import org.nxvms.platform.api.backup.BackupSummary;
import org.nxvms.platform.api.backup.Backups;
import org.nxvms.platform.api.backup.MetadataRows;
import org.nxvms.security.MovingClock;
import org.nxvms.security.TestIdentity;

/** What one server wrote another takes whole or not at all, and what it has makes way only when that is said. */
class FileBackupsTest {
    private static final String PASSPHRASE = "correct horse battery";
    private static final UUID OLD = new UUID(7, 7);
    private static final UUID NEW = new UUID(8, 8);

    @TempDir
    private Path old;

    @TempDir
    private Path fresh;

    /** As the end of the audit does, which each note replaces: one of the backup's own notes may come just then. */
    @Test
    void aFileThatIsReplacedMeanwhileFailsNoBackup() throws Exception {
        put(old, "keys/vault.key", "key");
        AtomicBoolean over = new AtomicBoolean();
        AtomicReference<Exception> failed = new AtomicReference<>();
        Thread writing = new Thread(() -> {
            try {
                while (!over.get()) {
                    put(old, "keys/audit-head.json.new", "{}");
                    Files.move(
                            old.resolve("keys/audit-head.json.new"),
                            old.resolve("keys/audit-head.json"),
                            StandardCopyOption.ATOMIC_MOVE);
                }
            } catch (IOException e) {
                failed.set(e);
            }
        });
        writing.start();
        try {
            for (int i = 0; i < 500; i++) {
                assertThat(KeptFiles.in(old)).contains("keys/vault.key");
            }
        } finally {
            over.set(true);
            writing.join();
        }
        assertThat(failed).hasValue(null);
    }

    /** With where the database is, a restored copy would write into that of the server the backup is of. */
    @Test
    void whereTheDatabaseIsStaysWithTheMachine() throws Exception {
        put(old, "etc/org.ops4j.datasource-nxvms.cfg", "url = jdbc:postgresql://production/nxvms");

        assertThat(KeptFiles.in(old)).contains("etc/changed.cfg").noneMatch(path -> path.contains("datasource"));
        assertThat(KeptFiles.of("etc/org.ops4j.datasource-nxvms.cfg"))
                .as("as backups of before have it")
                .contains(KeptFiles.Return.NEVER);
    }

    /** Rows as one text. */
    private static final class Rows implements MetadataRows {
        private String text;
        private boolean empty;

        Rows(String text, boolean empty) {
            this.text = text;
            this.empty = empty;
        }

        @Override
        public boolean isFresh() {
            return empty;
        }

        @Override
        public long write(OutputStream out, LongConsumer progress) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            return 3;
        }

        @Override
        public long prepare(InputStream in, Path folder, LongConsumer progress) throws IOException {
            Files.write(folder.resolve("rows.mv.db"), in.readAllBytes());
            return 3;
        }
    }

    private static FileBackups server(UUID id, Path data, Rows rows) {
        FileBackups backups = new FileBackups(new TestIdentity(id, data), new MovingClock(), 8);
        backups.setRows(rows);
        return backups;
    }

    private static void put(Path data, String path, String content) throws IOException {
        Path file = data.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    @BeforeEach
    void aServerWithKeysAndSettings() throws IOException {
        for (String path : List.of(
                "server.json",
                "initial-admin-password",
                "locks.tsv",
                "keys/vault.key",
                "keys/push",
                "keys/audit.key",
                "keys/audit-head.json",
                "keys/footage/0a.key",
                "keys/footage/current",
                "keys/archive/0b.pub",
                "keys/archive/current",
                "keys/tokens.jwks",
                "keys/shell",
                "volumes/main.id",
                "volumes/far.id",
                "etc/org.nxvms.archive.cfg",
                "etc/changed.cfg",
                "etc/same.cfg",
                "etc/config.properties",
                "etc/defaults/same.cfg",
                "etc/defaults/changed.cfg",
                "archive/footage.mp4")) {
            put(old, path, "old " + path);
        }
        put(old, "etc/defaults/same.cfg", "old etc/same.cfg");
    }

    private BackupSummary written() throws BackupException {
        return server(OLD, old, new Rows("rows of old", false)).write(Optional.empty(), PASSPHRASE, step -> {});
    }

    private static List<String> below(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void allThatIsNeededOnANewMachineIsPreparedAndNothingElse() throws Exception {
        BackupSummary made = written();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made.file())))
                .isEqualTo("rw-------");
        assertThat(new String(Files.readAllBytes(made.file()), StandardCharsets.ISO_8859_1))
                .doesNotContain("old keys", "rows of");
        put(fresh, "server.json", "new");
        put(fresh, "volumes/main.id", "new");
        put(fresh, "keys/audit-head.json", "new");

        Backups.Prepared prepared =
                server(NEW, fresh, new Rows("", true)).prepare(made.file(), PASSPHRASE, false, step -> {});
        assertThat(prepared.restored()).isEqualTo(made);
        assertThat(prepared.keptAside()).isEmpty();
        assertThat(below(fresh.resolve("restore")))
                .containsExactly(
                        "ready/files/etc/changed.cfg",
                        "ready/files/etc/org.nxvms.archive.cfg",
                        "ready/files/initial-admin-password",
                        "ready/files/keys/archive/0b.pub",
                        "ready/files/keys/audit-head.json",
                        "ready/files/keys/audit.key",
                        "ready/files/keys/footage/0a.key",
                        "ready/files/keys/footage/current",
                        "ready/files/keys/push",
                        "ready/files/keys/vault.key",
                        "ready/files/locks.tsv",
                        "ready/files/server.json",
                        "ready/files/volumes/far.id",
                        "ready/manifest.json",
                        "ready/rows.mv.db");
        assertThat(fresh.resolve("restore/ready/files/keys/vault.key")).hasContent("old keys/vault.key");
        assertThat(fresh.resolve("server.json")).as("until the next start").hasContent("new");
    }

    @Test
    void whoHasSomethingSaysThatItGivesWayAndItIsKeptAside() throws Exception {
        BackupSummary made = written();
        Rows used = new Rows("rows of now", false);
        FileBackups same = server(OLD, old, used);
        assertThatThrownBy(() -> same.prepare(made.file(), PASSPHRASE, false, step -> {}))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("--replace");
        put(old, "keys/audit-head.json", "further");
        put(old, "keys/vault.key", "changed since");

        Path aside = same.prepare(made.file(), PASSPHRASE, true, step -> {})
                .keptAside()
                .orElseThrow();
        assertThat(below(old.resolve("restore/ready")))
                .contains("files/keys/vault.key")
                .doesNotContain("files/keys/audit-head.json", "files/keys/footage/0a.key", "files/volumes/main.id");
        assertThat(same.cancel()).isTrue();
        assertThat(same.cancel()).isFalse();
        assertThat(below(old.resolve("restore"))).isEmpty();

        FileBackups other = server(NEW, fresh, new Rows("", true));
        other.prepare(aside, PASSPHRASE, false, step -> {});
        assertThat(fresh.resolve("restore/ready/rows.mv.db")).hasContent("rows of now");
        assertThat(fresh.resolve("restore/ready/files/keys/vault.key")).hasContent("changed since");
    }

    @Test
    void aWrongPassphraseATornFileAndAnAlteredOneAreToldApartAndPrepareNothing() throws Exception {
        Path file = written().file();
        byte[] whole = Files.readAllBytes(file);
        FileBackups target = server(NEW, fresh, new Rows("", true));
        refused(target, file, "another passphrase", "passphrase is not the one");
        Files.write(
                file,
                "not a backup, but long enough to be looked at all the same: it must begin as one does"
                        .getBytes(StandardCharsets.UTF_8));
        refused(target, file, PASSPHRASE, "no backup of NXvms");
        Files.write(file, Arrays.copyOf(whole, whole.length - 1));
        refused(target, file, PASSPHRASE, "torn");
        Files.write(file, Arrays.copyOf(whole, 40));
        refused(target, file, PASSPHRASE, "torn");
        byte[] altered = whole.clone();
        altered[whole.length / 2] ^= 1;
        Files.write(file, altered);
        refused(target, file, PASSPHRASE, "altered");
        byte[] newer = whole.clone();
        newer[9] = 2;
        Files.write(file, newer);
        refused(target, file, PASSPHRASE, "format 2");
        byte[] costly = whole.clone();
        costly[10] = 0x7f;
        Files.write(file, costly);
        refused(target, file, PASSPHRASE, "altered");
        refused(target, fresh.resolve("gone"), PASSPHRASE, "no file or folder");
        assertThatThrownBy(() -> target.write(Optional.empty(), "short", step -> {}))
                .hasMessageContaining("at least 12");
    }

    private void refused(FileBackups target, Path file, String passphrase, String why) throws IOException {
        assertThatThrownBy(() -> target.prepare(file, passphrase, false, step -> {}))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining(why);
        assertThat(below(fresh.resolve("restore"))).isEmpty();
    }

    @Test
    void aFileOutsideOfWhatBelongsThereIsRefused() throws Exception {
        for (String path : List.of(
                "../evil",
                "etc/../../evil",
                "/etc/passwd",
                "keys/shell",
                "etc/defaults/a.cfg",
                "etc/..",
                "etc/.a",
                "etc/a\nb",
                "etc//a",
                "x")) {
            Path file = fresh.resolve("forged");
            try (OutputStream out = Files.newOutputStream(file)) {
                SealedOutput sealed = new SealedOutput(out, BackupKey.fresh(PASSPHRASE, 8));
                Entries.Writer entries = new Entries.Writer(sealed);
                try (OutputStream entry = entries.entry(Manifest.NAME)) {
                    entry.write(new Manifest(OLD, "old", Instant.EPOCH).bytes());
                }
                entries.entry(path).close();
                entries.end();
                sealed.finish();
            }
            refused(server(NEW, fresh, new Rows("", true)), file, PASSPHRASE, "where none belongs");
        }
    }

    @Test
    void thatARestoreWasPutInPlaceIsNotedOnce() throws Exception {
        List<AuditNote> notes = new ArrayList<>();
        AuditTrail trail = new AuditTrail() {
            @Override
            public void note(AuditNote note) {
                notes.add(note);
            }

            @Override
            public boolean flush() {
                return true;
            }

            @Override
            public Verdict verify() {
                throw new UnsupportedOperationException();
            }

            @Override
            public List<String> acknowledge(AuditNote.Actor who, String why) {
                throw new AssertionError("nobody acknowledges");
            }
        };
        put(fresh, "restore/placed/manifest.json", "");
        Files.write(fresh.resolve("restore/placed/manifest.json"), new Manifest(OLD, "old", Instant.EPOCH).bytes());
        new FileBackups(new TestIdentity(OLD, fresh), trail);
        new FileBackups(new TestIdentity(OLD, fresh), trail);
        assertThat(notes).extracting(AuditNote::action).containsExactly("backup.restored");
        assertThat(notes.get(0).after()).containsEntry("made", "1970-01-01T00:00:00Z");
    }
}

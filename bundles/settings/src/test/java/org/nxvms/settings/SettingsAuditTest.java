// SPDX-License-Identifier: Apache-2.0
package org.nxvms.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;

/** Somebody edits files under etc, and the audit says so. */
class SettingsAuditTest {
    private static final Setting PIN =
            new Setting("pin", "Password", false, Optional.empty(), Optional.empty(), List.of());

    @TempDir
    private Path folder;

    private final Trail trail = new Trail();
    private Path etc;

    /** Keeps what is noted. */
    private static final class Trail implements AuditTrail {
        private final BlockingQueue<AuditNote> notes = new LinkedBlockingQueue<>();
        private volatile boolean stores = true;

        @Override
        public void note(AuditNote note) {
            notes.add(note);
        }

        @Override
        public boolean flush() {
            return stores;
        }

        @Override
        public Verdict verify() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> acknowledge(AuditNote.Actor who, String why) {
            throw new UnsupportedOperationException();
        }

        private List<AuditNote> taken() {
            List<AuditNote> all = new ArrayList<>();
            notes.drainTo(all);
            return all;
        }
    }

    @BeforeEach
    void somethingIsSet() throws IOException {
        etc = Files.createDirectories(folder.resolve("etc"));
        write("org.nxvms.archive", "flushSeconds = 5\n");
        write("org.apache.karaf.shell", "sshHost = 127.0.0.1\n");
    }

    private void write(String pid, String text) throws IOException {
        Files.writeString(etc.resolve(pid + ".cfg"), text);
    }

    private SettingsAudit server() {
        return new SettingsAudit(
                trail,
                new SettingsFiles(etc, pid -> pid.equals("org.nxvms.door") ? Map.of("pin", PIN) : Map.of()),
                folder.resolve("seen.properties"));
    }

    @Test
    void aChangedValueIsNotedWithWhatItWas() throws Exception {
        SettingsAudit server = server();
        server.look("at the start");
        assertThat(trail.taken())
                .as("what there is at the first start is no change")
                .isEmpty();

        write("org.nxvms.archive", "# less often\nflushSeconds=10\nfsync = true\n");
        write("org.apache.karaf.shell", "sshHost = 0.0.0.0\n");
        server.look("");
        List<AuditNote> notes = trail.taken();
        assertThat(notes)
                .extracting(AuditNote::subject)
                .containsExactly("settings/org.apache.karaf.shell", "settings/org.nxvms.archive");
        assertThat(notes.get(0).after()).isEqualTo(Map.of("sshHost", "0.0.0.0"));
        assertThat(notes.get(1).action()).isEqualTo("config.changed");
        assertThat(notes.get(1).actor().name()).isEqualTo("file");
        assertThat(notes.get(1).before()).isEqualTo(Map.of("flushSeconds", "5"));
        assertThat(notes.get(1).after()).isEqualTo(Map.of("flushSeconds", "10", "fsync", "true"));

        write("org.nxvms.archive", "fsync: true\n\n# the same in other words\nflushSeconds 10\n");
        server.look("");
        assertThat(trail.taken()).isEmpty();
    }

    @Test
    void whoIsKnownToHaveChangedItIsNamed() throws Exception {
        AuditNote.Actor boss = new AuditNote.Actor(Optional.empty(), "boss", Optional.empty(), "shell");
        List<String> asked = new ArrayList<>();
        SettingsAudit server = server();
        server.authors(file -> {
            asked.add(file);
            return file.equals("org.nxvms.archive") ? Optional.of(boss) : Optional.empty();
        });
        server.look("at the start");
        write("org.nxvms.archive", "flushSeconds = 10\n");
        write("org.apache.karaf.shell", "sshHost = 0.0.0.0\n");
        server.look("");
        assertThat(trail.taken())
                .extracting(AuditNote::actor)
                .extracting(AuditNote.Actor::name)
                .containsExactly("file", "boss");
        assertThat(asked).containsExactly("org.apache.karaf.shell", "org.nxvms.archive");
        write("org.nxvms.archive", "flushSeconds = 20\n");
        server.look("at the start");
        assertThat(trail.taken())
                .as("changed while nobody was there to see")
                .extracting(note -> note.actor().name())
                .containsExactly("file");
    }

    @Test
    void whatIsChangedWhileTheServerIsDownIsNotedWhenItStartsAndOnce() throws Exception {
        server().look("at the start");
        write("org.nxvms.archive", "flushSeconds = 60\n");
        server().look("at the start");
        assertThat(trail.taken()).singleElement().satisfies(note -> {
            assertThat(note.before()).isEqualTo(Map.of("flushSeconds", "5"));
            assertThat(note.after()).isEqualTo(Map.of("flushSeconds", "60", "seen", "at the start"));
        });
        server().look("at the start");
        assertThat(trail.taken()).isEmpty();
    }

    @Test
    void whatTheAuditCouldNotStoreIsFoundAgain() throws Exception {
        SettingsAudit server = server();
        server.look("at the start");
        trail.stores = false;
        write("org.nxvms.archive", "flushSeconds = 60\n");
        server.look("");
        server.look("");
        assertThat(trail.taken()).hasSize(1);
        server().look("at the start");
        assertThat(trail.taken()).hasSize(1);
    }

    @Test
    void secretsAreNotedAsChangedAndStandNowhere() throws Exception {
        SettingsAudit server = server();
        write("org.nxvms.door", "pin = 4711\n");
        write("org.nxvms.hook", "secret = s3cret-one\nurl = https://a.example/?k=s3cret-two\n");
        server.look("at the start");
        write("org.nxvms.hook", "secret = sealed:AAAA\nurl = https://a.example/?k=s3cret-two\n");
        server.look("");
        assertThat(trail.taken()).as("the server seals it").isEmpty();

        write("org.nxvms.door", "pin = 4712\n");
        write("org.nxvms.hook", "secret = s3cret-three\nurl = https://u:s3cret-four@a.example/\n");
        server.look("");
        List<AuditNote> notes = trail.taken();
        assertThat(notes.get(0).before()).isEqualTo(Map.of("pin", "***"));
        assertThat(notes.get(0).after()).isEqualTo(Map.of("pin", "***"));
        assertThat(notes.get(1).after()).isEqualTo(Map.of("secret", "***", "url", "***"));
        Path memory = folder.resolve("seen.properties");
        assertThat(Files.readString(memory)).doesNotContain("s3cret", "4712");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(memory)))
                .isEqualTo("rw-------");
    }

    @Test
    void filesThatComeAndGoAreNotedAndTheContainersOwnOnlyWhenTheyChange() throws Exception {
        SettingsAudit server = server();
        server.look("at the start");
        write("org.nxvms.storage.file-second", "path = /srv/second\n");
        write("org.apache.felix.something", "x = 1\n");
        Files.delete(etc.resolve("org.nxvms.archive.cfg"));
        server.look("");
        List<AuditNote> notes = trail.taken();
        assertThat(notes)
                .extracting(AuditNote::subject)
                .containsExactly("settings/org.nxvms.archive", "settings/org.nxvms.storage.file-second");
        assertThat(notes.get(0).after()).isEqualTo(Map.of("file", "removed"));
        assertThat(notes.get(1).after()).isEqualTo(Map.of("path", "/srv/second"));
        write("org.apache.felix.something", "x = 2\n");
        server.look("");
        assertThat(trail.taken()).hasSize(1);
    }

    @Test
    void manyChangesAtOnceAreCounted() throws Exception {
        SettingsAudit server = server();
        server.look("at the start");
        for (int i = 0; i < 100; i++) {
            write("org.nxvms.many-" + i, "x = 1\n");
        }
        server.look("");
        List<AuditNote> notes = trail.taken();
        assertThat(notes).hasSize(41);
        assertThat(notes.get(40).after()).isEqualTo(Map.of("more", "60 files"));
    }

    @Test
    void aFileThatIsReplacedIsNoticed() throws Exception {
        server().look("at the start");
        SettingsAudit server = server();
        server.begin();
        try {
            Path fresh = Files.writeString(etc.resolve(".archive.new"), "flushSeconds = 7\n");
            Files.move(fresh, etc.resolve("org.nxvms.archive.cfg"), StandardCopyOption.ATOMIC_MOVE);
            AuditNote note = trail.notes.poll(60, TimeUnit.SECONDS);
            assertThat(note).isNotNull();
            assertThat(note.after()).containsEntry("flushSeconds", "7");
        } finally {
            server.close();
        }
    }
}

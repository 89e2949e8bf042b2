// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.audit.AuditEntry;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.SigningKeys;
import org.nxvms.shell.login.ShellUser;

/** The audit as the shell sees it, and what the shell adds to it. */
class AuditCommandsTest {
    private final List<AuditNote> notes = new ArrayList<>();
    private final List<String> acknowledged = new ArrayList<>();
    private AuditTrail.Verdict verdict = new AuditTrail.Verdict(0, List.of(), Optional.empty());
    private final Console console =
            new Console().with(AuditTrail.class, new Trail()).with(SigningKeys.class, new Keys());

    private final class Trail implements AuditTrail {
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
            return verdict;
        }

        @Override
        public List<String> acknowledge(AuditNote.Actor who, String why) {
            List<String> known = verdict.faults();
            acknowledged.add(who.address() + ": " + why);
            verdict = new Verdict(verdict.entries() + known.size(), List.of(), known, verdict.last(), verdict.others());
            return known;
        }
    }

    /** One key, another after each change. */
    private static final class Keys implements SigningKeys {
        private int number = 1;

        @Override
        public List<Key> keys() {
            return List.of(
                    new Key("key-" + number, Instant.EPOCH, Optional.empty()),
                    new Key("key-0", Instant.EPOCH, Optional.of(Instant.EPOCH)));
        }

        @Override
        public void rotate() {
            number++;
        }

        @Override
        public void replaceAll() {
            number += 10;
        }
    }

    @Test
    void verifyingSaysHowMuchWasRead() throws Exception {
        AuditNote last = new AuditNote(
                "auth.login",
                true,
                new AuditNote.Actor(Optional.empty(), "anna", Optional.empty(), "192.0.2.7"),
                "",
                Map.of(),
                Map.of());
        verdict = new AuditTrail.Verdict(
                7, List.of(), Optional.of(new AuditEntry(new UUID(1, 1), 7, Instant.EPOCH, last, "ab")));
        assertThat(console.run(new AuditVerifyCommand()))
                .isEqualToIgnoringNewLines(
                        "The audit is whole: 7 entries, the last of 1970-01-01T00:00:00Z (auth.login)");
    }

    @Test
    void verifyingFailsWhenSomethingIsWrong() {
        verdict = new AuditTrail.Verdict(7, List.of("entries 3 to 4 are missing"), Optional.empty());
        assertThatThrownBy(() -> console.run(new AuditVerifyCommand()))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("not as it was written");
    }

    @Test
    void whatIsKnownToBeWrongIsAcknowledgedWithAReason() throws Exception {
        verdict = new AuditTrail.Verdict(7, List.of("entries 3 to 4 are missing"), Optional.empty());
        AuditVerifyCommand command = new AuditVerifyCommand();
        command.why = " ";
        assertThatThrownBy(() -> console.run(command)).hasMessageContaining("why");
        assertThat(acknowledged).isEmpty();

        command.why = "the database of Monday was put back";
        assertThat(console.run(command))
                .contains("entries 3 to 4 are missing (acknowledged)", "whole but for what is acknowledged: 8 entries");
        assertThat(acknowledged).containsExactly("shell: the database of Monday was put back");
    }

    @Test
    void changingTheSigningKeysIsNoted() throws Exception {
        SigningKeysCommand list = new SigningKeysCommand();
        assertThat(console.run(list)).contains("key-1", "now", "key-0", "no more");
        assertThat(notes).isEmpty();
        SigningKeysCommand rotate = new SigningKeysCommand();
        rotate.rotate = true;
        assertThat(console.run(rotate)).contains("key-2");
        SigningKeysCommand replace = new SigningKeysCommand();
        replace.replaceAll = true;
        assertThat(console.run(replace)).contains("key-12", "withdrawn");

        assertThat(notes).extracting(AuditNote::action).containsExactly("keys.rotated", "keys.replaced");
        assertThat(notes.get(0).actor().address()).isEqualTo("shell");
    }

    @Test
    void whoSignedInAtTheShellIsNamedAndWhoHasTheKeyIsNot() throws Exception {
        SigningKeysCommand rotate = new SigningKeysCommand();
        rotate.rotate = true;
        console.run(rotate);
        assertThat(notes.get(0).actor().name()).isEqualTo("shell");
        assertThat(notes.get(0).actor().userId()).isEmpty();

        UUID anna = new UUID(3, 4);
        console.as(new ShellUser(anna, "anna")).run(rotate);
        assertThat(notes.get(1).actor().name()).isEqualTo("anna");
        assertThat(notes.get(1).actor().userId()).contains(anna);
        assertThat(notes.get(1).actor().address()).isEqualTo("shell");
    }
}

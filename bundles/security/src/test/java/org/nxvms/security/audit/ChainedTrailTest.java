// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.audit.AuditEntry;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail.Verdict;
import org.nxvms.security.MemoryAuditStore;
import org.nxvms.security.MovingClock;
import org.nxvms.security.TestIdentity;

/** Notes are kept in order, through a database that is away and a restart, and whatever is done to them is found. */
class ChainedTrailTest {
    @TempDir
    private Path folder;

    private final MemoryAuditStore store = new MemoryAuditStore();
    private ChainedTrail trail;

    @BeforeEach
    void start() throws Exception {
        trail = new ChainedTrail(new TestIdentity(folder), new MovingClock());
        trail.setStore(store);
    }

    @AfterEach
    void stop() {
        trail.stop();
    }

    private static AuditNote note(String subject) {
        AuditNote.Actor anna = new AuditNote.Actor(Optional.empty(), "anna", Optional.empty(), "192.0.2.7");
        return new AuditNote("user.changed", true, anna, subject, Map.of("role", "viewer"), Map.of("role", "operator"));
    }

    private void noteSome(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            trail.note(note("user/" + i));
        }
        assertThat(trail.flush()).isTrue();
    }

    private void found(String... faults) {
        assertThat(trail.verify().faults()).containsExactly(faults);
    }

    @Test
    void entriesAreNumberedWithoutHolesOverARestart() throws Exception {
        noteSome(450);
        trail.stop();
        start();
        noteSome(3);

        assertThat(store.rows.stream().mapToLong(AuditEntry::sequence))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 453).boxed().toList());
        Verdict verdict = trail.verify();
        assertThat(verdict.isWhole()).as("%s", verdict.faults()).isTrue();
        assertThat(verdict.entries()).isEqualTo(453);
        assertThat(verdict.last().orElseThrow().note().subject()).isEqualTo("user/2");
    }

    @Test
    void anAlteredEntryIsFound() throws Exception {
        noteSome(5);
        AuditEntry third = store.rows.get(2);
        store.rows.set(2, new AuditEntry(third.serverId(), 3, third.at(), note("user/somebody-else"), third.hash()));
        found("entry 3 of " + third.at() + " is not as it was written");
    }

    @Test
    void removedEntriesAreFoundInTheMiddleAndAtTheEnd() throws Exception {
        noteSome(9);
        store.rows.remove(4);
        store.rows.remove(3);
        found("entries 4 to 5 are missing");

        store.rows.subList(store.rows.size() - 2, store.rows.size()).clear();
        found("entries 4 to 5 are missing", "entries 8 to 9 are missing at the end");

        noteSome(1);
        found("entries 4 to 5 are missing", "entries 8 to 9 are missing");
        trail.stop();
        start();
        noteSome(1);
        found("entries 4 to 5 are missing", "entries 8 to 9 are missing");
    }

    @Test
    void aWholeChainThatSomebodyElseMadeIsFound() throws Exception {
        noteSome(3);
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        MemoryAuditStore forged = new MemoryAuditStore();
        ChainedTrail forger = new ChainedTrail(new TestIdentity(elsewhere), new MovingClock());
        forger.setStore(forged);
        for (int i = 0; i < 3; i++) {
            forger.note(note("user/forged"));
        }
        forger.flush();
        forger.stop();
        store.rows.clear();
        store.rows.addAll(forged.rows);

        assertThat(trail.verify().faults()).hasSize(4).allMatch(fault -> fault.contains("entry "));
    }

    @Test
    void whileTheDatabaseIsAwayNotesWaitAndWhatFindsNoPlaceIsCounted() throws Exception {
        noteSome(1);
        store.breakDown(true);
        for (int i = 0; i < 10_500; i++) {
            trail.note(note("user/" + i));
        }
        assertThat(trail.flush()).isFalse();
        store.breakDown(false);
        assertThat(trail.flush()).isTrue();

        AuditEntry lost = store.rows.stream()
                .filter(row -> row.note().action().equals("audit.lost"))
                .findFirst()
                .orElseThrow();
        int kept = store.rows.size() - 2;
        assertThat(lost.note().after()).containsEntry("notes", Integer.toString(10_500 - kept));
        assertThat(kept).isBetween(10_000, 10_200);
        assertThat(trail.verify().isWhole()).isTrue();
    }

    @Test
    void whatWasStoredAlthoughTheAnswerWasLostIsNotStoredTwice() throws Exception {
        noteSome(2);
        store.loseAnswers(true);
        trail.note(note("user/once"));
        trail.flush();
        store.loseAnswers(false);
        noteSome(1);

        assertThat(store.rows.stream().filter(row -> row.note().subject().equals("user/once")))
                .hasSize(1);
        assertThat(store.rows).hasSize(4);
        assertThat(trail.verify().isWhole()).isTrue();
    }

    @Test
    void noCharacterIsCutInTwo() throws Exception {
        for (String before : new String[] {"", "x"}) {
            trail.note(note(before + "\ud83d\udd11".repeat(400)));
        }
        assertThat(trail.flush()).isTrue();
        for (AuditEntry row : store.rows) {
            byte[] asStored = row.note().subject().getBytes(StandardCharsets.UTF_8);
            assertThat(new String(asStored, StandardCharsets.UTF_8))
                    .isEqualTo(row.note().subject())
                    .hasSizeBetween(299, 300);
        }
    }

    @Test
    void whatStrangersSendIsCutAndCleaned() throws Exception {
        AuditNote.Actor stranger = new AuditNote.Actor(
                Optional.empty(), "x\r\nadmin signed in" + "y".repeat(10_000), Optional.empty(), "192.0.2.7");
        trail.note(new AuditNote("auth.login", false, stranger, "\ud800", Map.of(), Map.of("why", "\"".repeat(9_999))));
        assertThat(trail.flush()).isTrue();

        AuditNote stored = store.rows.get(0).note();
        assertThat(stored.actor().name()).hasSize(100).startsWith("x??admin").endsWith("...");
        assertThat(stored.subject()).isEqualTo("?");
        assertThat(stored.after().get("why")).hasSize(280);
        assertThat(trail.verify().isWhole()).isTrue();
    }
}

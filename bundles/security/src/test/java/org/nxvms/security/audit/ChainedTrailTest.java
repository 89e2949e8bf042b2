// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.audit.AuditEntry;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail.Verdict;
import org.nxvms.platform.api.health.HealthCheck.Finding;
import org.nxvms.platform.api.health.HealthCheck.Status;
import org.nxvms.security.MemoryAuditStore;
import org.nxvms.security.MovingClock;
import org.nxvms.security.TestIdentity;

/** Notes are kept in order, through a database that is away and a restart, and whatever is done to them is found. */
class ChainedTrailTest {
    @TempDir
    private Path folder;

    private final MemoryAuditStore store = new MemoryAuditStore();
    private final MovingClock clock = new MovingClock();
    private ChainedTrail trail;

    @BeforeEach
    void start() throws Exception {
        trail = new ChainedTrail(new TestIdentity(folder), clock);
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
        found("entries 4 to 5 are missing, so that entry 6 cannot be verified");

        store.rows.subList(store.rows.size() - 2, store.rows.size()).clear();
        found(
                "entries 4 to 5 are missing, so that entry 6 cannot be verified",
                "entries 8 to 9 are missing at the end");

        noteSome(1);
        found(
                "entries 4 to 5 are missing, so that entry 6 cannot be verified",
                "entries 8 to 9 are missing, so that entry 10 cannot be verified");
        trail.stop();
        start();
        noteSome(1);
        found(
                "entries 4 to 5 are missing, so that entry 6 cannot be verified",
                "entries 8 to 9 are missing, so that entry 10 cannot be verified");
    }

    @Test
    void entriesThatWerePutInAreFound() throws Exception {
        noteSome(3);
        AuditEntry first = store.rows.get(0);
        store.rows.add(new AuditEntry(first.serverId(), 0, first.at(), note("user/forged"), first.hash()));
        found("entry 0 of " + first.at() + " was put in: the first one is 1");
        store.rows.remove(3);

        UUID elsewhere = new UUID(7, 7);
        store.rows.add(new AuditEntry(elsewhere, 1, first.at(), note("user/forged"), first.hash()));
        assertThat(trail.verify().isWhole()).isTrue();
        assertThat(trail.verify().others())
                .as("shown with the others, and said to be not verified")
                .containsOnly(Map.entry(elsewhere, 1L));
        store.rows.remove(3);

        store.rows.set(1, new AuditEntry(first.serverId(), 2, first.at(), note("user/1"), ""));
        found(
                "entry 2 of " + first.at() + " is in a form that this server does not write",
                "entry 3 of " + first.at() + " cannot be verified without the one before");
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
        // In the writer's hands, which takes no other until it is stored; all the others find their place in the queue,
        // or none.
        trail.note(note("user/first"));
        assertThat(trail.flush()).isFalse();
        for (int i = 1; i < 10_500; i++) {
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
    void aNoteThatTheDatabaseNeverTakesStopsNoOther() throws Exception {
        store.refuse("user/poison");
        trail.note(note("user/before"));
        trail.note(note("user/poison"));
        trail.note(note("user/behind"));
        for (int turn = 0; turn < 3; turn++) {
            trail.flush();
        }

        noteSome(1);
        assertThat(store.rows)
                .extracting(row -> row.note().action() + " " + row.note().subject())
                .containsExactly(
                        "user.changed user/before", "audit.lost ", "user.changed user/behind", "user.changed user/0");
        assertThat(store.rows.get(1).note().after())
                .containsEntry("notes", "1")
                .containsEntry("refused", "user.changed");
        assertThat(trail.verify().isWhole()).isTrue();
    }

    @Test
    void aDatabaseThatTakesNothingForAWhileCostsNoNote() throws Exception {
        store.fill(true);
        trail.note(note("user/first"));
        trail.note(note("user/second"));
        for (int turn = 0; turn < 8; turn++) {
            assertThat(trail.flush()).isFalse();
        }
        store.fill(false);
        assertThat(trail.flush()).isTrue();
        assertThat(store.rows).extracting(row -> row.note().subject()).containsExactly("user/first", "user/second");
    }

    private void refused(String name, String subject) {
        AuditNote.Actor viewer =
                new AuditNote.Actor(Optional.of(new UUID(1, name.hashCode())), name, Optional.empty(), "192.0.2.7");
        trail.note(new AuditNote("user.removed", false, viewer, subject, Map.of(), Map.of("refused", "forbidden")));
    }

    @Test
    void whoIsRefusedAgainAndAgainIsNotedOnceAndCounted() throws Exception {
        for (int i = 0; i < 5_000; i++) {
            refused("vera", "user/" + i);
        }
        refused("otto", "user/1");
        noteSome(2);
        assertThat(store.rows).as("what is done is noted each time").hasSize(4);
        assertThat(store.rows.get(0).note().subject()).isEqualTo("user/0");

        clock.pass(Duration.ofSeconds(61));
        refused("vera", "user/again");
        assertThat(trail.flush()).isTrue();

        assertThat(store.rows).hasSize(6);
        AuditNote counted = store.rows.stream()
                .map(AuditEntry::note)
                .filter(note -> note.after().containsKey("more"))
                .findFirst()
                .orElseThrow();
        assertThat(counted.actor().name()).isEqualTo("vera");
        assertThat(counted.after()).containsOnly(Map.entry("more", "4999"), Map.entry("refused", "forbidden"));
        refused("vera", "user/more");
        trail.stop();
        assertThat(store.rows).as("what is counted still when it stops").hasSize(7);
        start();
        assertThat(trail.verify().isWhole()).isTrue();
    }

    private void refusedCode(String why, String address) {
        AuditNote.Actor vera = new AuditNote.Actor(Optional.of(new UUID(1, 1)), "vera", Optional.empty(), address);
        trail.note(new AuditNote("auth.login", false, vera, "", Map.of(), Map.of("refused", why)));
    }

    @Test
    void aReasonAndANetworkAreNotHiddenByAnother() throws Exception {
        for (int i = 0; i < 20; i++) {
            refusedCode("code_missing", "192.0.2.7");
            refusedCode("wrong_code", "198.51.100.9");
            refusedCode("wrong_code", "2001:db8::" + Integer.toHexString(i + 1));
        }
        assertThat(trail.flush()).isTrue();
        assertThat(store.rows)
                .extracting(row ->
                        row.note().actor().address() + " " + row.note().after().get("refused"))
                .containsExactly("192.0.2.7 code_missing", "198.51.100.9 wrong_code", "2001:db8::1 wrong_code");
    }

    @Test
    void aClockThatIsSetBackHidesNoRefusal() throws Exception {
        refused("vera", "user/1");
        refused("vera", "user/2");
        assertThat(trail.flush()).isTrue();
        clock.pass(Duration.ofHours(-1));
        refused("vera", "user/3");
        assertThat(trail.flush()).isTrue();

        assertThat(store.rows).hasSize(3);
        assertThat(store.rows.get(1).note().after()).containsEntry("more", "1");
        assertThat(store.rows.get(2).note().subject()).isEqualTo("user/3");
    }

    @Test
    void howeverManyStrangersAreRefusedTheAuditGrowsByAFewThousandAndHidesNoUser() throws Exception {
        for (int minute = 0; minute < 10; minute++) {
            for (int i = 0; i < 3_000; i++) {
                AuditNote.Actor stranger =
                        new AuditNote.Actor(Optional.empty(), minute + "-" + i, Optional.empty(), "192.0.2.7");
                trail.note(new AuditNote("auth.login", false, stranger, "", Map.of(), Map.of("refused", "wrong")));
            }
            assertThat(trail.flush()).isTrue();
            clock.pass(Duration.ofMinutes(1));
        }
        refused("vera", "user/1");
        assertThat(trail.flush()).isTrue();

        assertThat(store.rows).hasSizeLessThan(1_100);
        assertThat(store.rows.stream().filter(row -> row.note().actor().name().equals("many")))
                .allMatch(row -> Integer.parseInt(row.note().after().get("more")) > 1_900)
                .hasSize(10);
        assertThat(store.rows).anyMatch(row -> row.note().actor().name().equals("vera"));
    }

    @Test
    void howTheTrailIsDoingIsTold() throws Exception {
        AuditCheck check = new AuditCheck(trail);
        noteSome(1);
        assertThat(check.check().status()).isEqualTo(Status.UP);

        store.breakDown(true);
        trail.note(note("user/waits"));
        trail.flush();
        assertThat(check.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(check.check().findings()).extracting(Finding::code).containsExactly("audit_not_stored");
        assertThat(check.check().figures()).containsEntry("waiting", 1);

        store.breakDown(false);
        trail.flush();
        assertThat(check.check().status()).isEqualTo(Status.UP);
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

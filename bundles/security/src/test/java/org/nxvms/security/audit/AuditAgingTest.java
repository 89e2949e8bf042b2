// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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

/** Old entries go and what stays is verified; what is known to be wrong is so in the chain itself. */
class AuditAgingTest {
    private static final AuditNote.Actor ANNA =
            new AuditNote.Actor(Optional.empty(), "anna", Optional.empty(), "192.0.2.7");

    @TempDir
    private Path folder;

    private final MemoryAuditStore store = new MemoryAuditStore();
    private final MovingClock clock = new MovingClock();
    private final MovingClock age = new MovingClock();
    private ChainedTrail trail;

    @BeforeEach
    void start() throws Exception {
        trail = new ChainedTrail(new TestIdentity(folder), clock);
        trail.setAges(() -> OptionalLong.of(age.instant().toEpochMilli() * 1_000));
        trail.setStore(store);
    }

    @AfterEach
    void stop() {
        trail.stop();
    }

    private void noteSome(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            trail.note(new AuditNote("user.changed", true, ANNA, "user/" + i, Map.of(), Map.of()));
        }
        assertThat(trail.flush()).isTrue();
    }

    /** A day passes, and old entries are looked for. */
    private void pass(int days) throws Exception {
        // The clock last: with it old entries are looked for, by the trail itself too, and not again that day.
        age.pass(Duration.ofDays(days));
        clock.pass(Duration.ofDays(days));
        assertThat(trail.flush()).isTrue();
    }

    private List<Long> numbers() {
        return store.rows.stream().map(AuditEntry::sequence).toList();
    }

    private void isWhole() {
        Verdict verdict = trail.verify();
        assertThat(verdict.faults()).isEmpty();
        assertThat(verdict.acknowledged()).isEmpty();
    }

    @Test
    void whatIsOlderGoesAndWhatStaysIsVerified() throws Exception {
        trail.keepFor(30);
        noteSome(4);
        pass(20);
        noteSome(3);
        pass(12);

        assertThat(numbers()).as("a note tells of those that went").containsExactly(5L, 6L, 7L, 8L);
        assertThat(store.rows.get(3).note().after())
                .containsEntry("from", "1")
                .containsEntry("to", "4")
                .containsEntry("faults", "0");
        isWhole();

        trail.stop();
        start();
        trail.keepFor(30);
        noteSome(1);
        pass(20);
        assertThat(numbers()).containsExactly(8L, 9L, 10L);
        isWhole();
    }

    /** As a restore does with what a backup holds from before: it goes again at the next look. */
    @Test
    void someOfThoseThatWentMayComeBack() throws Exception {
        trail.keepFor(30);
        noteSome(4);
        List<AuditEntry> backup = List.copyOf(store.rows.subList(0, 2));
        pass(20);
        noteSome(3);
        pass(12);
        store.rows.addAll(0, backup);
        isWhole();

        pass(1);
        assertThat(numbers()).startsWith(5L);
        isWhole();
    }

    @Test
    void withoutAnEndNothingGoesAndAnUntouchedYearLeavesTheChainsEnd() throws Exception {
        trail.keepFor(0);
        noteSome(3);
        pass(9_000);
        assertThat(numbers()).containsExactly(1L, 2L, 3L);

        trail.keepFor(1);
        pass(1);
        assertThat(numbers()).containsExactly(4L);
        isWhole();
        noteSome(1);
        isWhole();
    }

    @Test
    void whoRemovesMoreThanThatIsFound() throws Exception {
        trail.keepFor(30);
        noteSome(4);
        pass(20);
        noteSome(3);
        pass(12);
        String fifth = store.rows.get(0).hash();
        store.rows.remove(0);
        assertThat(trail.verify().faults())
                .containsExactly("entries 1 to 5 are missing, so that entry 6 cannot be verified");

        AuditEntry told = store.rows.get(2);
        AuditNote forged = new AuditNote(
                told.note().action(),
                true,
                told.note().actor(),
                "",
                Map.of(),
                Map.of("from", "1", "to", "5", "hash", fifth, "faults", "0"));
        store.rows.set(2, new AuditEntry(told.serverId(), told.sequence(), told.at(), forged, told.hash()));
        assertThat(trail.verify().faults()).anyMatch(fault -> fault.contains("entry 8") && fault.contains("not as it"));
    }

    @Test
    void whatWasAlteredIsNotForgottenByAge() throws Exception {
        trail.keepFor(30);
        noteSome(4);
        AuditEntry second = store.rows.get(1);
        AuditNote forged = new AuditNote("user.changed", true, ANNA, "user/forged", Map.of(), Map.of());
        store.rows.set(1, new AuditEntry(second.serverId(), 2, second.at(), forged, second.hash()));
        pass(32);

        assertThat(numbers()).containsExactly(5L);
        assertThat(trail.verify().faults())
                .singleElement()
                .asString()
                .contains("entry 5", "1 of the entries that were removed by age were not as they were written");
    }

    @Test
    void aClockThatWasAheadRemovesNothingAndKeepsNothingForEver() throws Exception {
        trail.keepFor(30);
        noteSome(1);
        clock.pass(Duration.ofDays(9_000));
        noteSome(1);
        assertThat(numbers()).containsExactly(1L, 2L);
        clock.pass(Duration.ofDays(-9_000));
        noteSome(1);
        pass(32);
        assertThat(numbers()).containsExactly(4L);
        isWhole();

        trail.setAges(OptionalLong::empty);
        noteSome(1);
        pass(32);
        assertThat(numbers()).as("nobody knows what time it is").containsExactly(4L, 5L);
    }

    /** As after a rest of a year, when for a day nobody knows whether the wall clock is right. */
    @Test
    void whatIsNotedWhileTheAgeOfThingsIsBehindStaysWhenWhatIsOldGoes() throws Exception {
        trail.keepFor(30);
        noteSome(2);
        clock.pass(Duration.ofDays(400));
        noteSome(2);
        assertThat(numbers()).containsExactly(1L, 2L, 3L, 4L);

        pass(32);
        assertThat(numbers()).containsExactly(3L, 4L, 5L);
        isWhole();

        age.pass(Duration.ofDays(400));
        pass(1);
        assertThat(numbers()).as("they grow old as others do").containsExactly(5L, 6L);
        isWhole();
    }

    @Test
    void aKillBetweenTellingAndRemovingCostsNothing() throws Exception {
        trail.keepFor(30);
        noteSome(4);
        List<AuditEntry> before = List.copyOf(store.rows);
        pass(32);
        store.rows.addAll(0, before);
        isWhole();
        pass(1);
        assertThat(numbers()).containsExactly(5L, 6L);
        isWhole();
    }

    @Test
    void anOlderDatabaseThatWasPutBackIsAcknowledgedInTheChain() throws Exception {
        noteSome(3);
        List<AuditEntry> monday = List.copyOf(store.rows);
        noteSome(2);
        trail.stop();
        store.rows.clear();
        store.rows.addAll(monday);
        start();
        assertThat(trail.verify().faults()).containsExactly("entries 4 to 5 are missing at the end");

        assertThat(trail.acknowledge(ANNA, "the database of Monday was put back"))
                .containsExactly("entries 4 to 5 are missing, so that entry 6 cannot be verified");

        Verdict verdict = trail.verify();
        assertThat(verdict.faults()).isEmpty();
        assertThat(verdict.acknowledged()).hasSize(1);
        AuditNote told = store.rows.get(store.rows.size() - 1).note();
        assertThat(told.actor()).isEqualTo(ANNA);
        assertThat(told.after()).containsEntry("why", "the database of Monday was put back");

        AuditEntry sixth = store.rows.get(3);
        AuditNote forged = new AuditNote("user.changed", true, ANNA, "user/forged", Map.of(), Map.of());
        store.rows.set(3, new AuditEntry(sixth.serverId(), 6, sixth.at(), forged, sixth.hash()));
        assertThat(trail.verify().faults()).as("it is known as it was").hasSize(1);
        store.rows.set(3, sixth);
        store.rows.remove(2);
        assertThat(trail.verify().faults())
                .as("more are missing than were known of")
                .containsExactly("entries 3 to 5 are missing, so that entry 6 cannot be verified");
    }

    @Test
    void nobodyAcknowledgesWithoutTheKey() throws Exception {
        noteSome(3);
        AuditEntry second = store.rows.get(1);
        AuditNote forged = new AuditNote("user.changed", true, ANNA, "user/forged", Map.of(), Map.of());
        store.rows.set(1, new AuditEntry(second.serverId(), 2, second.at(), forged, second.hash()));
        String fault = "entry 2 of " + second.at() + " is not as it was written";
        AuditChain another = new AuditChain(new byte[32]);
        AuditNote known = new AuditNote(
                Claims.ACKNOWLEDGED,
                true,
                ANNA,
                "",
                Map.of(),
                Map.of("fault", fault, "seal", another.seal(fault, store.rows.get(1))));
        store.rows.set(
                2,
                new AuditEntry(
                        second.serverId(),
                        3,
                        second.at(),
                        known,
                        store.rows.get(2).hash()));

        assertThat(trail.verify().faults()).hasSize(2).contains(fault);
        assertThat(trail.acknowledge(ANNA, "seen")).hasSize(2);
        assertThat(trail.verify().faults()).isEmpty();
        assertThat(trail.verify().acknowledged()).hasSize(2);
        assertThat(trail.acknowledge(ANNA, "again")).isEmpty();
    }
}

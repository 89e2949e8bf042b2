// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.audit.AuditEntry;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditStore.Position;
import org.nxvms.platform.api.audit.AuditStore.Query;

/** Audit entries come back as they were written, whole pages of them; run once per database. */
abstract class AuditStories extends StoreScene {
    private static final UUID OTHER = new UUID(8, 8);

    private AuditTable audit;

    @BeforeAll
    void open() {
        audit = new AuditTable(unit);
    }

    @BeforeEach
    void emptyAudit() throws Exception {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("delete from audit_entry");
        }
    }

    static AuditEntry entry(UUID server, long sequence, long atMs, String user, String action) {
        AuditNote.Actor actor =
                new AuditNote.Actor(Optional.of(new UUID(1, 1)), user, Optional.of(new UUID(2, sequence)), "192.0.2.7");
        return new AuditEntry(
                server,
                sequence,
                Instant.ofEpochMilli(atMs),
                new AuditNote(
                        action,
                        sequence % 2 == 0,
                        actor,
                        "user/\"ä\\\ud83d\udd11",
                        Map.of(),
                        Map.of("why", "\"quoted\" \\ 李雷", "more", "")),
                "ab".repeat(32));
    }

    private static Query query(int limit) {
        return new Query(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                limit);
    }

    @Test
    void anEntryComesBackAsItWasWritten() {
        AuditEntry known = entry(SERVER, 1, 1_000, "anna", "user.changed");
        AuditEntry stranger = new AuditEntry(
                SERVER,
                2,
                Instant.ofEpochMilli(2_000),
                new AuditNote(
                        "auth.login",
                        false,
                        new AuditNote.Actor(Optional.empty(), "", Optional.empty(), ""),
                        "",
                        Map.of(),
                        Map.of()),
                "cd".repeat(32));
        audit.append(List.of(known, stranger));

        assertThat(audit.after(SERVER, 0, 9)).containsExactly(known, stranger);
        assertThat(audit.after(SERVER, 1, 9)).containsExactly(stranger);
        assertThat(audit.last(SERVER)).contains(stranger);
        assertThat(audit.last(OTHER)).isEmpty();
    }

    @Test
    void aPlaceIsTakenOnceAndABatchIsAllOrNothing() {
        audit.append(List.of(entry(SERVER, 1, 1_000, "anna", "a.b")));
        assertThatThrownBy(() -> audit.append(
                        List.of(entry(SERVER, 2, 2_000, "anna", "a.b"), entry(SERVER, 1, 3_000, "anna", "forged"))))
                .isInstanceOf(StoreException.class);
        assertThat(audit.after(SERVER, 0, 9)).extracting(AuditEntry::sequence).containsExactly(1L);
    }

    @Test
    void isFoundByTimeUserFamilyOfActionsAndAddress() {
        audit.append(List.of(
                entry(SERVER, 1, 1_000, "Anna", "auth.login"),
                entry(SERVER, 2, 2_000, "bert", "auth.login"),
                entry(SERVER, 3, 3_000, "anna", "auth_x.other"),
                entry(OTHER, 1, 4_000, "anna", "user.removed")));

        assertThat(audit.find(new Query(
                        Optional.of(Instant.ofEpochMilli(2_000)),
                        Optional.of(Instant.ofEpochMilli(4_000)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        9)))
                .extracting(AuditEntry::sequence)
                .containsExactly(3L, 2L);
        assertThat(audit.find(new Query(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("ANNA"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        9)))
                .hasSize(3);
        assertThat(audit.find(new Query(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("auth.*"),
                        Optional.empty(),
                        Optional.empty(),
                        9)))
                .extracting(entry -> entry.note().actor().name())
                .containsExactly("bert", "Anna");
        assertThat(audit.find(from("192.0.2.7"))).hasSize(4);
        assertThat(audit.find(from("192.0.2"))).isEmpty();
    }

    private static Query from(String address) {
        return new Query(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(address),
                Optional.empty(),
                9);
    }

    /** One capital of the Turkish alphabet is two characters in lower case: the key is longer than the name. */
    @Test
    void aNameThatGrowsInLowerCaseIsStoredAndFound() {
        String name = "\u0130".repeat(100);
        AuditEntry stranger = entry(SERVER, 1, 1_000, name, "auth.login");
        audit.append(List.of(stranger));

        assertThat(audit.find(new Query(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(name),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        9)))
                .containsExactly(stranger);
    }

    /** Whoever has the database alters what no hash covers, or what cannot be read any more. */
    @Test
    void aRowThatIsNotAsItWasWrittenHasNoHashAndHidesNoOther() throws Exception {
        audit.append(List.of(
                entry(SERVER, 1, 1_000, "anna", "a.b"),
                entry(SERVER, 2, 2_000, "anna", "a.b"),
                entry(SERVER, 3, 3_000, "anna", "a.b"),
                entry(OTHER, 1, 4_000, "anna", "a.b")));
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("update audit_entry set actor_id = 'x' where sequence_no = 2");
            statement.executeUpdate("update audit_entry set actor_key = 'x' where sequence_no = 3");
            statement.executeUpdate("update audit_entry set sequence_no = -7 where server_id = '" + OTHER + "'");
        }

        assertThat(audit.after(SERVER, Long.MIN_VALUE, 9))
                .extracting(entry -> entry.hash().isEmpty())
                .containsExactly(false, true, true);
        assertThat(audit.after(OTHER, Long.MIN_VALUE, 9))
                .extracting(AuditEntry::sequence)
                .containsExactly(-7L);
        assertThat(audit.find(query(9))).hasSize(4);
        assertThat(audit.counts()).containsOnly(Map.entry(SERVER, 3L), Map.entry(OTHER, 1L));
    }

    @Test
    void theBeginningOfOneServersChainGoesAndNothingElse() {
        audit.append(List.of(
                entry(SERVER, 1, 1_000, "anna", "a.b"),
                entry(SERVER, 2, 2_000, "anna", "a.b"),
                entry(SERVER, 3, 1_500, "anna", "a.b")));
        audit.append(List.of(entry(OTHER, 1, 1_000, "anna", "a.b")));

        audit.removeUpTo(SERVER, 2);

        assertThat(audit.after(SERVER, Long.MIN_VALUE, 9))
                .extracting(AuditEntry::sequence)
                .containsExactly(3L);
        assertThat(audit.after(OTHER, Long.MIN_VALUE, 9)).hasSize(1);
    }

    @Test
    void pagesMissAndDoubleNothing() {
        List<AuditEntry> all = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            // Many within one millisecond, of two servers.
            all.add(entry(i % 2 == 0 ? SERVER : OTHER, i, 1_000 + i / 7, "anna", "a.b"));
        }
        audit.append(all);
        List<AuditEntry> read = new ArrayList<>();
        Optional<Position> before = Optional.empty();
        for (int page = 0; page < 7; page++) {
            List<AuditEntry> found = audit.find(new Query(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    before,
                    3));
            read.addAll(found);
            AuditEntry last = found.get(found.size() - 1);
            before = Optional.of(new Position(last.at(), last.serverId(), last.sequence()));
        }
        assertThat(read).containsExactlyElementsOf(audit.find(query(100))).hasSize(20);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import javax.persistence.EntityManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.security.AccessScope;
import org.nxvms.platform.api.security.AccessStore.Outcome;
import org.nxvms.platform.api.security.AccessStore.StoredGrant;
import org.nxvms.platform.api.security.AccessStore.StoredRole;
import org.nxvms.platform.api.security.SecondFactorStore.StoredTotp;
import org.nxvms.platform.api.security.UserStore;
import org.nxvms.platform.api.security.UserStore.Origin;
import org.nxvms.platform.api.security.UserStore.StoredUser;

/** Roles, grants, and the administrator who stays; run once per database. */
abstract class RightsStories extends StoreScene {
    private static final StoredRole GATE =
            new StoredRole("gate", "Watches the gate", Set.of("view_live", "of_tomorrow"), true, 70, 1);

    private RightsChanges changes;
    private UserTable users;
    private AccessTable access;
    private int reads;

    /** {@return whether others may change the database} */
    abstract boolean isShared();

    @BeforeEach
    void onlyBuiltInRoles() throws Exception {
        changes = new RightsChanges();
        users = new UserTable(changes.countedIn(unit));
        access = new AccessTable(this::read, unit, changes);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("delete from access_role where name = 'gate'");
        }
    }

    private <T> T read(String what, Function<EntityManager, T> work) {
        reads++;
        return unit.answer(what, work);
    }

    private StoredUser add(String name, String role) {
        StoredUser user = StoredUser.begin(name, role, "$argon2id$x", false, Instant.ofEpochMilli(1));
        assertThat(users.insert(user)).isTrue();
        return user;
    }

    private static StoredGrant grant(StoredUser user, String role, String scope, boolean denied) {
        return new StoredGrant(
                UUID.randomUUID(), user.id(), role, AccessScope.parse(scope), denied, Instant.ofEpochMilli(5));
    }

    @Test
    void rolesAreThereFromTheBeginningAndComeBackAsTheyWereChanged() {
        assertThat(access.load().roles())
                .extracting(StoredRole::name)
                .containsExactly("administrator", "guest", "operator", "viewer");
        assertThat(access.load().roles())
                .filteredOn(role -> role.permissions().contains("export")
                        && role.permissions().contains("bookmark"))
                .extracting(StoredRole::name)
                .as("those who only watch take nothing along")
                .containsExactly("operator");
        assertThat(access.insertRole(GATE)).isEqualTo(Outcome.DONE);
        assertThat(access.insertRole(GATE)).isEqualTo(Outcome.TAKEN);

        StoredRole changed = new StoredRole("gate", "", Set.of("listen"), false, 0, 2);
        assertThat(access.updateRole(changed)).isEqualTo(Outcome.DONE);
        assertThat(access.updateRole(changed)).as("somebody else was faster").isEqualTo(Outcome.STALE);

        assertThat(access.load().roles()).contains(changed).doesNotContain(GATE);
        assertThat(access.deleteRole("gate")).isEqualTo(Outcome.DONE);
        assertThat(access.deleteRole("gate")).isEqualTo(Outcome.ABSENT);
        assertThat(access.updateRole(changed)).isEqualTo(Outcome.ABSENT);
    }

    @Test
    void whatALaterVersionWroteKeepsNobodyElseFromTheirRights() throws Exception {
        StoredUser anna = add("anna", "viewer");
        StoredUser bert = add("bert", "viewer");
        StoredUser carl = add("carl", "viewer");
        StoredGrant north = grant(anna, "operator", "group/North", false);
        assertThat(access.insertGrant(north)).isEqualTo(Outcome.DONE);
        access.insertGrant(grant(bert, "operator", "group/North", false));
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("insert into access_grant (id, user_id, role, scope, denied, created_ms) values ('"
                    + new UUID(5, 1) + "', '" + bert.id() + "', 'viewer', 'floor/3', true, 1), ('" + new UUID(5, 2)
                    + "', '" + carl.id() + "', 'operator', 'floor/3', false, 1)");
        }

        List<StoredGrant> grants = access.load().grants();
        assertThat(grants).contains(north).noneMatch(grant -> grant.userId().equals(carl.id()));
        assertThat(grants)
                .filteredOn(grant -> grant.userId().equals(bert.id()))
                .as("nobody knows what is denied there")
                .extracting(grant -> grant.denied() + " " + grant.role() + " " + grant.scope())
                .containsExactly("true viewer site");
        assertThat(access.deleteGrant(bert.id(), new UUID(5, 1))).isTrue();
        assertThat(access.load().grants())
                .filteredOn(grant -> grant.userId().equals(bert.id()))
                .extracting(StoredGrant::denied)
                .containsExactly(false);
    }

    @Test
    void grantsBelongToTheirUserAndGoWithTheUser() {
        access.insertRole(GATE);
        StoredUser anna = add("anna", "guest");
        StoredUser bert = add("bert", "viewer");
        StoredGrant north = grant(anna, "gate", "group/North/Gate", false);
        StoredGrant denied = grant(bert, "gate", "camera/" + new UUID(1, 2), true);

        assertThat(access.insertGrant(north)).isEqualTo(Outcome.DONE);
        assertThat(access.insertGrant(denied)).isEqualTo(Outcome.DONE);
        assertThat(access.insertGrant(grant(anna, "gate", "group/North/Gate", true)))
                .as("one place says one thing of a role")
                .isEqualTo(Outcome.TAKEN);
        assertThat(access.insertGrant(grant(anna, "king", "site", false))).isEqualTo(Outcome.ABSENT);
        StoredUser nobody = StoredUser.begin("x", "guest", "", false, Instant.EPOCH);
        assertThat(access.insertGrant(grant(nobody, "gate", "site", false))).isEqualTo(Outcome.ABSENT);
        assertThat(access.load().grants()).containsExactlyInAnyOrder(north, denied);

        assertThat(access.deleteGrant(bert.id(), north.id())).as("another's").isFalse();
        assertThat(access.deleteGrant(anna.id(), north.id())).isTrue();
        users.remove(bert.id());
        assertThat(access.load().grants()).isEmpty();
    }

    @Test
    void aRoleThatSomebodyHasIsNotRemoved() {
        access.insertRole(GATE);
        StoredUser anna = add("anna", "gate");
        assertThat(access.deleteRole("gate")).isEqualTo(Outcome.IN_USE);
        users.change(anna.id(), Optional.of("guest"), Optional.empty());
        StoredGrant grant = grant(anna, "gate", "site", false);
        access.insertGrant(grant);
        assertThat(access.deleteRole("gate")).isEqualTo(Outcome.IN_USE);
        access.deleteGrant(anna.id(), grant.id());
        assertThat(access.deleteRole("gate")).isEqualTo(Outcome.DONE);
        assertThatThrownBy(() -> users.change(anna.id(), Optional.of("gate"), Optional.empty()))
                .isInstanceOf(StoreException.class);
        assertThat(users.users()).extracting(StoredUser::role).containsExactly("guest");
    }

    @Test
    void whoHasASecondFactorIsKnownWithTheRights() {
        StoredUser anna = add("anna", "guest");
        add("bert", "guest");
        new SecondFactorTable(changes.countedIn(unit))
                .put(new StoredTotp(anna.id(), "sealed", 1, Instant.EPOCH), List.of());
        assertThat(access.load().withSecondFactor()).containsExactly(anna.id());
    }

    @Test
    void whatNobodyElseChangesIsReadAgainOnlyWhenItWasChanged() {
        StoredUser anna = add("anna", "guest");
        access.load();
        reads = 0;
        access.load();
        assertThat(users.users()).as("reading them changes nothing").hasSize(1);
        assertThat(access.load().grants()).isEmpty();
        assertThat(reads).isEqualTo(isShared() ? 2 : 0);

        access.insertGrant(grant(anna, "viewer", "site", false));
        assertThat(access.load().grants()).hasSize(1);
        SecondFactorTable factors = new SecondFactorTable(changes.countedIn(unit));
        factors.put(new StoredTotp(anna.id(), "sealed", 1, Instant.EPOCH), List.of());
        assertThat(access.load().withSecondFactor()).containsExactly(anna.id());
        factors.remove(anna.id());
        assertThat(access.load().withSecondFactor()).isEmpty();
        access.insertRole(GATE);
        assertThat(access.load().roles()).extracting(StoredRole::name).contains("gate");
        users.remove(anna.id());
        assertThat(access.load().grants()).as("they go with the user").isEmpty();
        reads = 0;
        assertThat(access.load().grants()).isEmpty();
        assertThat(reads).isEqualTo(isShared() ? 1 : 0);
    }

    @Test
    void aChangeThatFailedMayHaveBeenMadeAllTheSame() {
        access.load();
        Transactions broken = changes.countedIn(new Transactions() {
            @Override
            public <T> T answer(String what, Function<EntityManager, T> work) {
                unit.answer(what, work);
                throw new StoreException("The connection broke after the commit", null);
            }
        });
        assertThatThrownBy(() -> new AccessTable(unit, broken, changes).insertRole(GATE))
                .isInstanceOf(StoreException.class);
        assertThat(access.load().roles()).extracting(StoredRole::name).contains("gate");
    }

    @Test
    void theLastAdministratorStaysOne() {
        StoredUser anna = add("anna", "administrator");
        StoredUser bert = add("bert", "administrator");
        users.change(bert.id(), Optional.empty(), Optional.of(true));

        assertThat(users.change(anna.id(), Optional.of("viewer"), Optional.empty()))
                .isEqualTo(UserStore.Outcome.LAST_ADMINISTRATOR);
        assertThat(users.change(anna.id(), Optional.empty(), Optional.of(true)))
                .isEqualTo(UserStore.Outcome.LAST_ADMINISTRATOR);
        assertThat(users.remove(anna.id())).isEqualTo(UserStore.Outcome.LAST_ADMINISTRATOR);
        assertThat(users.users()).contains(anna);
        assertThat(users.remove(bert.id())).as("who cannot sign in is no loss").isEqualTo(UserStore.Outcome.DONE);
        assertThat(users.remove(bert.id())).isEqualTo(UserStore.Outcome.ABSENT);
        assertThat(users.change(bert.id(), Optional.empty(), Optional.of(false)))
                .isEqualTo(UserStore.Outcome.ABSENT);
    }

    @Test
    void anAdministratorFromOutsideIsNotTheOneWhoStays() {
        StoredUser anna = add("anna", "administrator");
        StoredUser outside =
                StoredUser.beginOutside("dora", "administrator", new Origin("company", "7"), Instant.ofEpochMilli(1));
        users.insert(outside);

        assertThat(users.remove(anna.id())).isEqualTo(UserStore.Outcome.LAST_ADMINISTRATOR);
        assertThat(users.change(outside.id(), Optional.of("viewer"), Optional.empty()))
                .isEqualTo(UserStore.Outcome.DONE);
        assertThat(users.remove(outside.id())).isEqualTo(UserStore.Outcome.DONE);
    }

    @Test
    void twoWhoSawTheSameUserChangeDifferentThings() {
        StoredUser anna = add("anna", "operator");
        users.change(anna.id(), Optional.empty(), Optional.of(true));
        users.change(anna.id(), Optional.of("viewer"), Optional.empty());
        assertThat(users.users()).singleElement().satisfies(now -> {
            assertThat(now.disabled())
                    .as("who changed the role has not enabled her")
                    .isTrue();
            assertThat(now.role()).isEqualTo("viewer");
            assertThat(now.tokenEpoch()).isEqualTo(1);
        });
    }

    /** As on two servers that share the database: each one asks for the other's, and all at the same moment. */
    @Test
    void ofManyWhoGoAtTheSameMomentOneAdministratorIsLeft() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 10; round++) {
                List<StoredUser> all = List.of(
                        add("a" + round, "administrator"),
                        add("b" + round, "administrator"),
                        add("c" + round, "administrator"),
                        add("d" + round, "administrator"));
                List<Callable<UserStore.Outcome>> calls = List.of(
                        () -> users.change(all.get(0).id(), Optional.of("viewer"), Optional.empty()),
                        () -> users.change(all.get(1).id(), Optional.empty(), Optional.of(true)),
                        () -> users.remove(all.get(2).id()),
                        () -> users.remove(all.get(3).id()));
                int refused = 0;
                for (Future<UserStore.Outcome> call : callers.invokeAll(calls)) {
                    refused += call.get() == UserStore.Outcome.LAST_ADMINISTRATOR ? 1 : 0;
                }
                assertThat(refused).as("round %s", round).isEqualTo(1);
                List<StoredUser> left = users.users().stream()
                        .filter(user -> user.role().equals("administrator") && !user.disabled())
                        .toList();
                assertThat(left).as("round %s", round).hasSize(1);
                empty();
            }
        } finally {
            callers.shutdownNow();
        }
    }
}

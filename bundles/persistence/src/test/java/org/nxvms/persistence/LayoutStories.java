// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.layout.Layout;
import org.nxvms.platform.api.layout.LayoutQuery;
import org.nxvms.platform.api.layout.LayoutStore.Outcome;
import org.nxvms.platform.api.security.AccessStore.StoredRole;
import org.nxvms.platform.api.security.UserStore.StoredUser;

/** Layouts as they are kept, found and left behind; run once per database. */
abstract class LayoutStories extends StoreScene {
    private static final UUID GATE = new UUID(1, 1);
    private static final UUID YARD = new UUID(1, 2);
    private static final long T0 = 1_790_000_000_000_000L;
    private static final long MS = 1_000;
    private static final SortedMap<Integer, UUID> BOTH = new TreeMap<>(Map.of(0, GATE, 5, YARD));

    private LayoutTable layouts;
    private UserTable users;
    private AccessTable access;
    private StoredUser anna;
    private StoredUser bert;

    @BeforeAll
    void open() {
        layouts = new LayoutTable(unit, 5);
        users = new UserTable(unit);
        access = new AccessTable(unit, unit, new RightsChanges());
    }

    @BeforeEach
    void twoUsersAndNoLayouts() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("delete from layout");
            statement.executeUpdate("delete from access_role where name = 'gate'");
        }
        anna = add("anna");
        bert = add("bert");
    }

    private StoredUser add(String name) {
        StoredUser user = StoredUser.begin(name, "viewer", "$argon2id$x", false, Instant.ofEpochMilli(1));
        assertThat(users.insert(user)).isTrue();
        return user;
    }

    private static Layout of(StoredUser owner, String name, long createdUs, Layout.Content content, String... roles) {
        return new Layout(
                UUID.randomUUID(),
                1,
                owner.id(),
                owner.username(),
                name,
                new TreeSet<>(Set.of(roles)),
                false,
                content,
                createdUs,
                createdUs);
    }

    private static Layout wall(StoredUser owner, String name, long createdUs, String... roles) {
        return of(owner, name, createdUs, new Layout.Wall("1+5", BOTH), roles);
    }

    private static Layout next(Layout before, String name, boolean locked, Layout.Content content, String... roles) {
        return new Layout(
                before.id(),
                before.version() + 1,
                before.ownerId(),
                before.owner(),
                name,
                new TreeSet<>(Set.of(roles)),
                locked,
                content,
                before.createdUs(),
                before.updatedUs() + MS);
    }

    private Layout keep(Layout layout) {
        assertThat(layouts.insert(layout)).isEqualTo(Outcome.DONE);
        return layout;
    }

    private List<String> names(StoredUser user, boolean all, String... roles) {
        return layouts.find(new LayoutQuery(user.id(), Set.of(roles), all, Optional.empty(), 100)).stream()
                .map(Layout::name)
                .toList();
    }

    @Test
    void aWallKeepsItsHotspotAndGivesItUp() {
        Layout.Content spotted = new Layout.Wall("1+5", BOTH, OptionalInt.of(3));
        Layout wall = keep(of(anna, "Desk", T0, spotted));
        assertThat(layouts.get(wall.id())).contains(wall);

        Layout alone = next(wall, "Desk", false, new Layout.Wall("1", new TreeMap<>(), OptionalInt.of(0)));
        assertThat(layouts.update(alone)).isEqualTo(Outcome.DONE);
        assertThat(layouts.get(wall.id())).contains(alone);
    }

    @Test
    void aWallAndATourComeBackAsTheyWereKeptAndAsTheyWereChanged() {
        Layout wall = keep(wall(anna, "Gates", T0, "viewer", "guest"));
        Layout empty = keep(of(anna, "Empty", T0 + MS, new Layout.Wall("4", new TreeMap<>())));
        Layout tour = keep(of(
                anna,
                "Round",
                T0 + 2 * MS,
                new Layout.Tour(List.of(new Layout.Step(wall.id(), 10), new Layout.Step(empty.id(), 30)))));
        assertThat(layouts.get(wall.id())).contains(wall);
        assertThat(layouts.get(empty.id())).contains(empty);
        assertThat(layouts.get(tour.id())).contains(tour);

        Layout changed = next(wall, "Yards", true, new Layout.Wall("4", new TreeMap<>(Map.of(2, YARD))), "operator");
        assertThat(layouts.update(changed)).isEqualTo(Outcome.DONE);
        assertThat(layouts.get(wall.id())).contains(changed);
        assertThat(layouts.update(changed)).as("somebody else was faster").isEqualTo(Outcome.STALE);
        assertThat(layouts.delete(wall.id(), 1)).as("another version").isFalse();
        assertThat(layouts.delete(wall.id(), 2)).isTrue();
        assertThat(layouts.delete(wall.id(), 2)).isFalse();
        assertThat(layouts.update(next(changed, "x", false, changed.content()))).isEqualTo(Outcome.STALE);
        assertThat(layouts.get(tour.id()))
                .as("what it shows is nobody's business here")
                .contains(tour);
        assertThat(layouts.update(next(tour, "Nothing", false, new Layout.Tour(List.of()))))
                .isEqualTo(Outcome.DONE);
        assertThat(layouts.get(tour.id()).orElseThrow().content()).isEqualTo(new Layout.Tour(List.of()));
    }

    @Test
    void eachSeesTheOwnAndWhatIsSharedWithARoleTheOldestFirstPageByPage() {
        keep(wall(anna, "b", T0 + MS));
        keep(wall(anna, "a", T0, "viewer"));
        keep(wall(bert, "c", T0 + 2 * MS, "operator"));
        keep(wall(bert, "d", T0 + 3 * MS));
        assertThat(names(anna, false, "viewer")).containsExactly("a", "b");
        assertThat(names(anna, false)).containsExactly("a", "b");
        assertThat(names(bert, false, "viewer")).containsExactly("a", "c", "d");
        assertThat(names(bert, false, "guest")).containsExactly("c", "d");
        assertThat(names(anna, true, "guest")).containsExactly("a", "b", "c");

        List<String> walked = new ArrayList<>();
        Optional<LayoutQuery.Position> after = Optional.empty();
        for (int page = 0; page < 3; page++) {
            List<Layout> found = layouts.find(new LayoutQuery(bert.id(), Set.of("viewer"), false, after, 1));
            walked.add(found.get(0).name());
            after = Optional.of(LayoutQuery.Position.of(found.get(0)));
        }
        assertThat(walked).containsExactly("a", "c", "d");
        assertThat(layouts.find(new LayoutQuery(bert.id(), Set.of("viewer"), false, after, 1)))
                .isEmpty();
    }

    @Test
    void nobodyHasTwoOfOneNameNorTooManyNorSharesWithNobody() {
        Layout first = keep(wall(anna, "Gates", T0));
        keep(wall(bert, "Gates", T0));
        assertThat(layouts.insert(wall(anna, "Gates", T0))).isEqualTo(Outcome.TAKEN);
        assertThat(layouts.insert(wall(anna, "Poets", T0, "poet"))).isEqualTo(Outcome.NO_ROLE);
        Layout second = keep(wall(anna, "Yards", T0));
        assertThat(layouts.update(next(second, "Gates", false, second.content())))
                .isEqualTo(Outcome.TAKEN);
        assertThat(layouts.update(next(second, "Yards", false, second.content(), "poet")))
                .isEqualTo(Outcome.NO_ROLE);
        assertThat(layouts.get(second.id())).contains(second);
        assertThat(layouts.update(next(first, "Gates", true, first.content()))).isEqualTo(Outcome.DONE);
        for (int i = 3; i <= 5; i++) {
            keep(wall(anna, "n" + i, T0));
        }
        assertThat(layouts.insert(wall(anna, "n6", T0))).isEqualTo(Outcome.FULL);
    }

    @Test
    void whatIsSharedOutlivesItsOwnerAndWhatNobodySeesAnyMoreGoes() {
        access.insertRole(new StoredRole("gate", "", Set.of("view_live"), false, 0, 1));
        Layout own = keep(wall(anna, "Own", T0));
        Layout shared = keep(wall(anna, "Shared", T0 + MS, "viewer"));
        Layout atGate = keep(wall(anna, "Gate", T0 + 2 * MS, "gate"));
        Layout both = keep(wall(anna, "Both", T0 + 3 * MS, "gate", "viewer"));
        Layout ofBert = keep(wall(bert, "Bert's", T0 + 4 * MS, "gate"));

        users.remove(anna.id());
        assertThat(layouts.get(own.id())).isEmpty();
        assertThat(names(bert, true)).containsExactly("Shared", "Gate", "Both", "Bert's");

        access.deleteRole("gate");
        assertThat(layouts.get(atGate.id())).as("of nobody, for nobody").isEmpty();
        assertThat(layouts.get(both.id()).orElseThrow().roles()).containsExactly("viewer");
        assertThat(layouts.get(ofBert.id()).orElseThrow().isShared()).isFalse();

        assertThat(layouts.update(next(shared, "Shared", false, shared.content())))
                .isEqualTo(Outcome.DONE);
        assertThat(layouts.get(shared.id())).as("its owner is gone").isEmpty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.rights;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.nxvms.platform.api.security.AccessScope;
import org.nxvms.platform.api.security.AccessStore.StoredAccess;
import org.nxvms.platform.api.security.AccessStore.StoredGrant;
import org.nxvms.platform.api.security.AccessStore.StoredRole;
import org.nxvms.platform.api.security.Permission;

/** The rule against its plainest form, over trees, roles and grants as they fall. */
class UserRightsProperties {
    private static final UUID USER = new UUID(1, 1);
    private static final UUID SERVER = new UUID(2, 2);
    private static final UUID CAMERA = new UUID(3, 3);
    private static final UUID OTHER = new UUID(3, 4);
    private static final List<String> ROLES = List.of("a", "b", "c", "administrator");
    private static final List<AccessScope> PLACES = List.of(
            AccessScope.SITE,
            AccessScope.server(SERVER),
            AccessScope.server(new UUID(2, 3)),
            AccessScope.group("North"),
            AccessScope.group("North/Gate"),
            AccessScope.group("North/Gate/Left"),
            AccessScope.group("South"),
            AccessScope.camera(CAMERA),
            AccessScope.camera(OTHER));

    /** The permissions of the roles a, b, c, the role everywhere, and what is granted besides. */
    record Scene(List<Set<Permission>> roles, String everywhere, List<StoredGrant> grants) {
        Rules rules() {
            List<StoredRole> stored = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Set<String> names = roles.get(i).stream()
                        .map(permission -> permission.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet());
                stored.add(new StoredRole(ROLES.get(i), "", names, false, i, 1));
            }
            return new Rules(new StoredAccess(stored, grants, Set.of()));
        }

        UserRights rights() {
            return new UserRights(rules(), USER, everywhere);
        }

        boolean includes(String role, Permission permission) {
            return role.equals("administrator")
                    || roles.get(ROLES.indexOf(role)).contains(permission);
        }
    }

    @Provide
    Arbitrary<Scene> scenes() {
        Arbitrary<StoredGrant> grant = Combinators.combine(
                        Arbitraries.of(ROLES), Arbitraries.of(PLACES), Arbitraries.of(true, false))
                .as((role, place, denied) ->
                        new StoredGrant(UUID.randomUUID(), USER, role, place, denied, Instant.EPOCH));
        return Combinators.combine(
                        Arbitraries.of(Permission.class)
                                .set()
                                .ofMaxSize(6)
                                .list()
                                .ofSize(3),
                        Arbitraries.frequencyOf(
                                Tuple.of(9, Arbitraries.of("a", "b", "c")),
                                Tuple.of(1, Arbitraries.just("administrator"))),
                        grant.list().ofMaxSize(12))
                .as(Scene::new);
    }

    @Provide
    Arbitrary<String> groups() {
        return Arbitraries.of("", "North", "North/Gate", "North/Gate/Left", "South", "South/x", "West");
    }

    @Provide
    Arbitrary<UUID> servers() {
        return Arbitraries.of(SERVER, new UUID(2, 3), new UUID(2, 4));
    }

    private static AccessScope[] levels(UUID camera, String group, UUID server) {
        List<AccessScope> levels = new ArrayList<>();
        levels.add(AccessScope.camera(camera));
        levels.addAll(AccessScope.groups(group));
        levels.add(AccessScope.server(server));
        levels.add(AccessScope.SITE);
        return levels.toArray(AccessScope[]::new);
    }

    /** From the site down: whatever is said nearer replaces what was said further away. */
    private static boolean model(Scene scene, Permission permission, AccessScope... levels) {
        if (scene.everywhere().equals("administrator")) {
            return true;
        }
        boolean allowed = false;
        for (int i = levels.length - 1; i >= 0; i--) {
            Set<Boolean> said = new HashSet<>();
            for (StoredGrant grant : scene.grants()) {
                if (grant.scope().equals(levels[i]) && scene.includes(grant.role(), permission)) {
                    said.add(grant.denied());
                }
            }
            if (levels[i].equals(AccessScope.SITE) && scene.includes(scene.everywhere(), permission)) {
                said.add(false);
            }
            if (!said.isEmpty()) {
                allowed = !said.contains(true);
            }
        }
        return allowed;
    }

    @Property(tries = 1_000)
    void theNearestPlaceDecidesAndThereADenialWins(
            @ForAll("scenes") Scene scene,
            @ForAll("groups") String group,
            @ForAll("servers") UUID server,
            @ForAll Permission permission) {
        AccessScope[] levels = levels(CAMERA, group, server);
        boolean expected = model(scene, permission, levels);
        UserRights rights = scene.rights();

        assertThat(Bits.has(rights.at(levels), permission)).isEqualTo(expected);
        Verdict verdict = rights.explain(permission, levels);
        assertThat(verdict.allowed()).as("the reason fits the decision").isEqualTo(expected);
        assertThat(verdict.because())
                .allMatch(statement -> statement.denied() != expected && statement.isAbout(permission))
                .allMatch(statement ->
                        statement.scope().equals(verdict.decidedAt().orElseThrow()));
        assertThat(verdict.because().isEmpty()).isEqualTo(verdict.decidedAt().isEmpty());
        if (expected) {
            assertThat(Bits.has(rights.somewhere(), permission)).isTrue();
        }
    }

    /** Who may not see a camera cannot tell it from one that is not there. */
    @Property(tries = 1_000)
    void aCameraThatMayNotBeSeenIsLikeOneThatIsNotThere(
            @ForAll("scenes") Scene scene, @ForAll("groups") String group, @ForAll("servers") UUID server) {
        UserRights rights = scene.rights();
        boolean hidden = (rights.at(levels(CAMERA, group, server)) & Bits.OF_CAMERA) == 0;
        long unknown = rights.atUnknown(AccessScope.camera(new UUID(9, 9)));
        if (hidden) {
            assertThat(unknown & Bits.OF_CAMERA).isZero();
        }
    }

    /** Removing a camera from the registry gives nobody what nobody had. */
    @Property(tries = 1_000)
    void footageOfARemovedCameraIsForNoMoreThanBefore(
            @ForAll("scenes") Scene scene, @ForAll("groups") String group, @ForAll("servers") UUID server) {
        UserRights rights = scene.rights();
        long before = rights.at(levels(CAMERA, group, server));
        long after = rights.atUnknown(AccessScope.camera(CAMERA));
        assertThat(after & ~before).isZero();
    }

    /** What somebody may give in a group is what that one has on each camera in it, on whichever server. */
    @Property(tries = 1_000)
    void whatReachesBelowAGroupHoldsOnEachCameraInIt(
            @ForAll("scenes") Scene scene, @ForAll("groups") String group, @ForAll("servers") UUID server) {
        UserRights rights = scene.rights();
        long onCamera = rights.at(levels(CAMERA, group, server));
        for (AccessScope around : AccessScope.groups(group)) {
            assertThat(rights.below(Places.ofGroup(around)) & ~onCamera).isZero();
        }
        assertThat(rights.below(AccessScope.SITE) & ~onCamera).isZero();
    }

    @Property(tries = 200)
    void ofAnAdministratorNothingIsTakenAway(
            @ForAll("scenes") Scene scene, @ForAll("groups") String group, @ForAll("servers") UUID server) {
        Scene administrator = new Scene(scene.roles(), "administrator", scene.grants());
        assertThat(administrator.rights().at(levels(CAMERA, group, server))).isEqualTo(Bits.ALL);
    }

    @Property(tries = 200)
    void aPlaceReadsAsItIsWritten(@ForAll("groups") String group) {
        PLACES.forEach(place -> assertThat(AccessScope.parse(place.toString())).isEqualTo(place));
        if (!group.isEmpty()) {
            assertThat(AccessScope.groups(" " + group.replace("/", " / ") + "/"))
                    .first()
                    .isEqualTo(AccessScope.parse("group/" + group));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.security.UserStore.StoredUser;
import org.nxvms.platform.api.server.KnownServer;
import org.nxvms.platform.api.server.KnownServers;

/** Servers that users know, each their own; run once per database. */
abstract class KnownServersStories extends StoreScene {
    private static final KnownServer NORTH = new KnownServer("Depot North", "https://north.example");
    private static final KnownServer HARBOUR = new KnownServer("Hafen – Süd", "http://192.0.2.7:8080");

    private KnownServersTable known;
    private UserTable users;
    private StoredUser anna;

    @BeforeAll
    void open() {
        known = new KnownServersTable(unit);
        users = new UserTable(unit);
    }

    @BeforeEach
    void annaIsNew() {
        anna = StoredUser.begin("anna", "viewer", "$argon2id$x", false, Instant.ofEpochMilli(1));
        assertThat(users.insert(anna)).isTrue();
    }

    @Test
    void theyAreWhatTheirUserGaveLastInThatOrder() {
        assertThat(known.of(anna.id())).isEqualTo(KnownServers.NONE);

        KnownServers both = new KnownServers(1, List.of(NORTH, HARBOUR));
        assertThat(known.replace(anna.id(), both)).isTrue();
        assertThat(known.of(anna.id())).isEqualTo(both);

        KnownServers turned = new KnownServers(2, List.of(HARBOUR, NORTH));
        assertThat(known.replace(anna.id(), turned)).isTrue();
        assertThat(known.of(anna.id())).isEqualTo(turned);

        assertThat(known.replace(anna.id(), new KnownServers(3, List.of()))).isTrue();
        assertThat(known.of(anna.id())).isEqualTo(new KnownServers(3, List.of()));
    }

    @Test
    void aChangeUponWhatIsNoMoreChangesNothing() {
        KnownServers first = new KnownServers(1, List.of(NORTH));
        assertThat(known.replace(anna.id(), first)).isTrue();

        assertThat(known.replace(anna.id(), new KnownServers(1, List.of(HARBOUR))))
                .isFalse();
        assertThat(known.replace(anna.id(), new KnownServers(3, List.of(HARBOUR))))
                .isFalse();
        assertThat(known.of(anna.id())).isEqualTo(first);
    }

    @Test
    void theyGoWithTheirUserAndNobodyElseHasThem() {
        assertThat(known.replace(anna.id(), new KnownServers(1, List.of(NORTH))))
                .isTrue();
        assertThat(known.of(UUID.randomUUID())).isEqualTo(KnownServers.NONE);

        users.remove(anna.id());

        assertThat(known.of(anna.id())).isEqualTo(KnownServers.NONE);
        assertThat(known.replace(anna.id(), new KnownServers(1, List.of(NORTH))))
                .isFalse();
    }

    @Test
    void asManyAsThereMayBeAndAsLongAsTheyMayBeHaveRoom() {
        KnownServers all = new KnownServers(
                1,
                IntStream.range(0, KnownServers.SERVERS_MAX)
                        .mapToObj(i -> new KnownServer("ü".repeat(KnownServer.NAME_CHARS_MAX), longest(i)))
                        .toList());
        assertThat(all.servers().get(0).address()).hasSize(KnownServer.ADDRESS_CHARS_MAX);

        assertThat(known.replace(anna.id(), all)).isTrue();
        assertThat(known.of(anna.id())).isEqualTo(all);
    }

    private static String longest(int number) {
        String end = "." + (number + 10) + ".example:8443";
        String begin = "https://";
        return begin + "a".repeat(KnownServer.ADDRESS_CHARS_MAX - begin.length() - end.length()) + end;
    }
}

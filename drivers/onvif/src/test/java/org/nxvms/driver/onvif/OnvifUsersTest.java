// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DeviceUsers;
import org.nxvms.driver.spi.DeviceUsers.Level;
import org.nxvms.driver.spi.DeviceUsers.User;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** Users of the device: listed, added, changed and taken away by ONVIF. */
class OnvifUsersTest extends OnvifScene {
    private static final User OWN = new User("root", Level.ADMINISTRATOR);

    @AfterEach
    void asBefore() {
        device.accounts().list().forEach(account -> device.accounts().remove(account.name()));
    }

    private static CameraSession open(String user, String password) throws DriverException {
        return driver.open(new DeviceTarget(
                URI.create(farm.httpUri(1)),
                Optional.empty(),
                Optional.of(new Credentials(user, password)),
                Map.of(),
                TIMEOUT_MS));
    }

    private static void isRefused(Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(DriverException.class, failure -> {
            assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
            assertThat(failure.getMessage()).doesNotContain("geheim");
        });
    }

    @Test
    void oneThatIsAddedLogsInAndNoMoreOnceItIsTakenAway() throws Exception {
        try (CameraSession session = open()) {
            DeviceUsers users = session.capability(DeviceUsers.class).orElseThrow();
            assertThat(users.users()).containsExactly(OWN);

            users.add(new User("Wächter <1>", Level.VIEWER), "geheim & 1");
            assertThat(users.users()).containsExactly(OWN, new User("Wächter <1>", Level.VIEWER));
            try (CameraSession guard = open("Wächter <1>", "geheim & 1")) {
                assertThat(guard.identity().manufacturer()).isNotEmpty();
                DeviceUsers seen = guard.capability(DeviceUsers.class).orElseThrow();
                isRefused(Kind.UNSUPPORTED, seen::users);
            }

            users.change("Wächter <1>", Optional.of("geheim & 2"), Optional.empty());
            assertThat(users.users()).as("the level stays").contains(new User("Wächter <1>", Level.VIEWER));
            isRefused(Kind.AUTH, () -> open("Wächter <1>", "geheim & 1").close());
            users.change("Wächter <1>", Optional.empty(), Optional.of(Level.ADMINISTRATOR));
            try (CameraSession guard = open("Wächter <1>", "geheim & 2")) {
                assertThat(guard.capability(DeviceUsers.class).orElseThrow().users())
                        .contains(new User("Wächter <1>", Level.ADMINISTRATOR));
            }

            users.remove("Wächter <1>");
            assertThat(users.users()).containsExactly(OWN);
            isRefused(Kind.AUTH, () -> open("Wächter <1>", "geheim & 2").close());
        }
    }

    @Test
    void whatTheDeviceDoesNotDoHasItsKind() throws Exception {
        try (CameraSession session = open()) {
            DeviceUsers users = session.capability(DeviceUsers.class).orElseThrow();
            isRefused(Kind.CONFIG, () -> users.add(new User("guard", Level.VIEWER), "geheim"));
            isRefused(Kind.CONFIG, () -> users.add(new User(OWN.name(), Level.VIEWER), "geheim-12"));
            isRefused(Kind.CONFIG, () -> users.add(new User("guard", Level.OTHER), "geheim-12"));
            isRefused(Kind.CONFIG, () -> users.add(new User("g".repeat(40), Level.VIEWER), "geheim-12"));
            isRefused(Kind.NOT_FOUND, () -> users.change("nobody", Optional.of("geheim-12"), Optional.empty()));
            isRefused(Kind.NOT_FOUND, () -> users.remove("nobody"));
            isRefused(Kind.UNSUPPORTED, () -> users.remove(OWN.name()));
            for (int i = 1; i < 20; i++) {
                users.add(new User("guard-" + i, Level.VIEWER), "geheim-12");
            }
            isRefused(Kind.BUSY, () -> users.add(new User("one-more", Level.VIEWER), "geheim-12"));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.security.AccessDeniedException;

/** Who may watch, and for how long. */
class LiveRightsTest extends PumpScene {
    @Test
    void aRightThatIsTakenAwayEndsTheView() {
        Stage.Socket socket = new Stage.Socket();
        watch(socket, StreamRole.MAIN);
        guard.hidden.add(Stage.CAMERA);
        pass(LivePump.CHECK_MS + 500);
        assertThat(socket.closeCode).isEqualTo(4403);
        assertThat(pump.places()).isZero();
    }

    @Test
    void aCameraThatMayNotBeKnownAnyMoreIsLikeOneThatIsNotThere() {
        Stage.Socket socket = new Stage.Socket();
        watch(socket, StreamRole.MAIN);
        guard.kind = AccessDeniedException.Kind.NOT_FOUND;
        guard.hidden.add(Stage.CAMERA);
        pass(LivePump.CHECK_MS + 500);
        assertThat(socket.closeCode).isEqualTo(4404);
    }

    @Test
    void whoMayNotListenAnyMoreComesAgainAndGetsThePicturesAlone() {
        Stage.Socket socket = new Stage.Socket();
        watch(socket, StreamRole.MAIN);
        guard.deaf = true;
        pass(LivePump.CHECK_MS + 500);
        assertThat(socket.closeCode).isEqualTo(1013);
    }

    @Test
    void aSessionThatEndsEndsTheView() {
        Stage.Socket socket = new Stage.Socket();
        watch(socket, StreamRole.MAIN);
        guard.expired = true;
        pass(LivePump.CHECK_MS + 500);
        assertThat(socket.closeCode).isEqualTo(4401);
    }

    @Test
    void aSessionThatIsRefreshedKeepsItsViewBeyondTheTokenItBeganWith() {
        Stage.Socket socket = new Stage.Socket();
        watch(socket, StreamRole.MAIN);
        guard.expired = true;
        guard.renewed = true;
        pass(4 * LivePump.CHECK_MS);
        assertThat(socket.isOpen()).isTrue();
        guard.renewed = false;
        pass(LivePump.CHECK_MS + 500);
        assertThat(socket.closeCode).isEqualTo(4401);
    }

    @Test
    void aCameraThatIsRemovedEndsTheView() {
        Stage.Socket socket = new Stage.Socket();
        watch(socket, StreamRole.MAIN);
        registry.removed = true;
        pass(LivePump.CHECK_MS + 500);
        assertThat(socket.closeCode).isEqualTo(4404);
    }

    @Test
    void aGuardThatIsReplacedDoesNotEndViewsButOneThatStaysAwayDoes() {
        Stage.Socket socket = new Stage.Socket();
        watch(socket, StreamRole.MAIN);
        guardAway = true;
        pass(12_000);
        assertThat(socket.isOpen()).isTrue();
        guardAway = false;
        pass(6_000);
        guardAway = true;
        pass(28_000);
        assertThat(socket.isOpen()).as("the clock began anew").isTrue();
        pass(15_000);
        assertThat(socket.closeCode).isEqualTo(1013);
    }

    @Test
    void placesAreBounded() {
        for (int i = 0; i < 10; i++) {
            assertThat(pump.reserve(Services.USER.id())).isTrue();
        }
        assertThat(pump.reserve(new UUID(0, 0))).isFalse();
        pump.release(Services.USER.id());
        assertThat(pump.reserve(new UUID(0, 0))).isTrue();
    }
}

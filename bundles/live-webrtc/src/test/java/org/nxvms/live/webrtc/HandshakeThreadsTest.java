// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.servlet.StandingAccess;
import org.nxvms.test.kit.Awaiting;

/** Players that never answer hold threads until their time is over: their user's own wait for that, others do not. */
class HandshakeThreadsTest {
    private static final int PER_USER = HandshakeThreads.AT_ONCE_PER_USER_MAX;

    private final CountDownLatch answered = new CountDownLatch(1);
    private final List<Viewer> begun = new CopyOnWriteArrayList<>();
    private final HandshakeThreads threads = new HandshakeThreads(this::shakeHands);

    @AfterEach
    void close() {
        threads.close();
    }

    private void shakeHands(Viewer viewer) {
        begun.add(viewer);
        try {
            answered.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static Viewer viewer(UUID user) {
        return new Viewer(
                new Viewer.Terms(
                        UUID.randomUUID(), user, StreamId.main(Stage.CAMERA), "user", "password", new byte[32]),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new StandingAccess(
                        () -> null,
                        Stage.credentials(Stage.USER),
                        Set.of(Permission.VIEW_LIVE),
                        Optional.of(Stage.CAMERA)),
                0);
    }

    @Test
    void aUserWhosePlayersNeverAnswerDelaysNobodyElse() {
        for (int i = 0; i < 64; i++) {
            threads.begin(viewer(Stage.USER.id()));
        }
        Viewer others = viewer(Stage.OTHER.id());
        threads.begin(others);
        Awaiting.until("the other's has begun", () -> begun.contains(others));
        Awaiting.until("some of the first", () -> begun.size() == PER_USER + 1);
        answered.countDown();
        Awaiting.until("all have their turn", () -> begun.size() == 65);
    }

    @Test
    void whoHasEndedWhileItWaitedIsPassedOver() {
        for (int i = 0; i < PER_USER; i++) {
            threads.begin(viewer(Stage.USER.id()));
        }
        Viewer gone = viewer(Stage.USER.id());
        Viewer next = viewer(Stage.USER.id());
        threads.begin(gone);
        threads.begin(next);
        gone.end("the player ended");
        answered.countDown();
        Awaiting.until("the next has its turn", () -> begun.contains(next));
        assertThat(begun).doesNotContain(gone);
    }

    @Test
    void whenItStopsNobodyWaitsAnyMore() {
        for (int i = 0; i < 64; i++) {
            threads.begin(viewer(Stage.USER.id()));
        }
        Awaiting.until("some have begun", () -> begun.size() == PER_USER);
        threads.close();
        Viewer late = viewer(Stage.OTHER.id());
        late.record(new byte[] {22}, threads);
        assertThat(late.ended()).isNotEmpty();
        assertThat(begun).hasSize(PER_USER);
    }
}

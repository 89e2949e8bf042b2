// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.rendition.RenditionRefusedException;
import org.nxvms.platform.api.rendition.RenditionStatus;
import org.nxvms.platform.api.rendition.Renditions;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.test.kit.Awaiting;

/** Encoders are all busy, and players wait for theirs on the threads that all requests have. */
class RenditionWaitsTest {
    private final Stage stage = new Stage();
    private final CountDownLatch free = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();
    private final ExecutorService requests = Executors.newCachedThreadPool();
    private final Renditions busy = new Renditions() {
        @Override
        public void open(StreamId stream) {
            // It is wished for.
        }

        @Override
        public StreamFormat await(StreamId stream, int timeoutMs) throws RenditionRefusedException {
            waiting.incrementAndGet();
            try {
                assertThat(free.await(120, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                waiting.decrementAndGet();
            }
            throw new RenditionRefusedException("all encoders are busy", 5);
        }

        @Override
        public List<RenditionStatus> statuses() {
            return List.of();
        }
    };
    private final LiveWebRtc live = new LiveWebRtc(
            new LiveWebRtc.Network(0, true, 0, List.of()),
            new Pump.Limits(256, 64, 16 << 20, 64 << 20, 2),
            new Services(() -> stage.hub, () -> stage.guard, stage::cameras, () -> busy),
            System::nanoTime);

    @AfterEach
    void stop() {
        free.countDown();
        requests.shutdown();
        live.stop();
        stage.close();
    }

    private void watch(AuthenticatedUser user) {
        live.watch(new LiveWebRtc.Asked(
                StreamId.of(Stage.CAMERA, "main~h264"),
                Player.offer(true, false),
                user,
                true,
                Stage.credentials(user),
                true));
    }

    private static void assertRefused(Runnable watching, String why) {
        assertThatThrownBy(watching::run).isInstanceOfSatisfying(ProblemException.class, refused -> {
            assertThat(refused.problem().status()).isEqualTo(503);
            assertThat(refused.problem().detail()).contains(why);
        });
    }

    @Test
    void oneUsersPlayersDoNotTakeAllThreads() throws Exception {
        Awaiting.until("ports are open", live::isListening);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < RenditionWaits.WAITING_OF_USER_MAX; i++) {
            all.add(CompletableFuture.runAsync(() -> watch(Stage.USER), requests));
        }
        Awaiting.until("all of them wait", () -> waiting.get() == RenditionWaits.WAITING_OF_USER_MAX);
        assertRefused(() -> watch(Stage.USER), "wait for streams that are encoded anew");
        all.add(CompletableFuture.runAsync(() -> watch(Stage.OTHER), requests));
        Awaiting.until("another's waits too", () -> waiting.get() == RenditionWaits.WAITING_OF_USER_MAX + 1);

        free.countDown();
        for (CompletableFuture<Void> one : all) {
            assertRefused(
                    () -> {
                        try {
                            one.join();
                        } catch (java.util.concurrent.CompletionException refused) {
                            throw (RuntimeException) refused.getCause();
                        }
                    },
                    "busy");
        }
        assertThat(live.places()).as("nothing is kept for who was refused").isZero();
        assertRefused(() -> watch(Stage.USER), "busy");
    }
}

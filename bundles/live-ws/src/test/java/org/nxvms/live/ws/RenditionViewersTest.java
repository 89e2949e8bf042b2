// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.rendition.RenditionRefusedException;
import org.nxvms.platform.api.rendition.RenditionStatus;
import org.nxvms.platform.api.rendition.Renditions;

/** Viewers of streams that are encoded anew. */
class RenditionViewersTest extends PumpScene {
    private static final StreamId SMALL = StreamId.of(Stage.CAMERA, "main~480p");

    private final List<StreamId> opened = new ArrayList<>();
    private final List<UUID> users = new ArrayList<>();

    /** One who makes what is asked for, or refuses it. */
    private final class Maker implements Renditions {
        private final int retryAfterSeconds;

        Maker(int retryAfterSeconds) {
            this.retryAfterSeconds = retryAfterSeconds;
        }

        @Override
        public void open(StreamId stream) throws RenditionRefusedException {
            if (retryAfterSeconds >= 0) {
                throw new RenditionRefusedException("No more streams are encoded anew now.", retryAfterSeconds);
            }
            opened.add(stream);
        }

        @Override
        public void open(StreamId stream, UUID userId) throws RenditionRefusedException {
            open(stream);
            users.add(userId);
        }

        @Override
        public StreamFormat await(StreamId stream, int timeoutMs) {
            throw new AssertionError("who sends by WebSocket waits for nothing");
        }

        @Override
        public List<RenditionStatus> statuses() {
            return List.of(new RenditionStatus(SMALL, RenditionStatus.State.WAITING, 0, 0, "it waits for its turn"));
        }
    }

    @Test
    void aRenditionIsHadMadeForWhoWantsItAndSaysWhatItWaitsFor() {
        renditions = new Maker(-1);
        Stage.Camera main = new Stage.Camera(hub, StreamRole.MAIN, 10, 1_000);
        main.startRun(Stage.H264);
        main.pictures(3);
        Stage.Socket socket = new Stage.Socket();
        Viewer viewer = watch(socket, StreamRole.MAIN);
        tick();
        assertThat(opened).isEmpty();
        Messages.apply(Messages.read("{\"type\":\"stream\",\"stream\":\"main~480p\"}"), viewer);
        tick();
        assertThat(opened).containsExactly(SMALL);
        assertThat(users).as("it counts for").containsExactly(viewer.userId());
        assertThat(hub.statistics(SMALL).orElseThrow().readers()).hasSize(1);
        pass(3_000);
        assertThat(socket.received.toString()).contains("it waits for its turn");
    }

    /** Who encodes waits for reloads: more of that keeps others from the place. */
    @Test
    void itsLastViewerLeavesTheEncodingToItself() {
        renditions = new Maker(-1);
        Stage.Socket left = new Stage.Socket();
        watch(left, SMALL, false);
        Stage.Socket stays = new Stage.Socket();
        watch(stays, SMALL, false);
        tick();
        left.close(1000, "bye");
        pass(1_000);
        assertThat(hub.statistics(SMALL).orElseThrow().readers()).hasSize(1);
        stays.close(1000, "bye");
        pass(1_000);
        assertThat(hub.statistics(SMALL).map(one -> one.readers().size()).orElse(0))
                .isZero();
    }

    /** What a camera does, nobody sees before there is an encoding. */
    @Test
    void whatWaitsForAnEncodingSaysSoAndNotThatItsCameraIsSilent() {
        renditions = new Maker(-1);
        registry.cause = Optional.of(GapCause.STREAM_STALLED);
        Stage.Socket socket = new Stage.Socket();
        watch(socket, SMALL, false);
        pass(10_000);
        assertThat(socket.texts("waiting")).singleElement().satisfies(told -> assertThat(told)
                .contains("\"cause\":\"waiting_for_encoding\"", "main~480p", "it waits for its turn"));
    }

    @Test
    void whoIsRefusedIsToldToTryAgainAndWhoAsksForNoneThatCanBeThatItIsNone() {
        renditions = new Maker(5);
        Stage.Socket full = new Stage.Socket();
        watch(full, SMALL, false);
        tick();
        assertThat(full.closeCode).isEqualTo(CloseCode.TRY_AGAIN);
        assertThat(full.closeReason).contains("No more streams");
        renditions = new Maker(0);
        Stage.Socket wrong = new Stage.Socket();
        watch(wrong, StreamId.of(Stage.CAMERA, "main~odd"), false);
        tick();
        assertThat(wrong.closeCode).isEqualTo(CloseCode.BAD_MESSAGE);
        renditions = null;
        Stage.Socket away = new Stage.Socket();
        watch(away, SMALL, false);
        tick();
        assertThat(away.closeCode).isEqualTo(CloseCode.TRY_AGAIN);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.ingest.rtsp.FakeCamera.Manners;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.media.kit.rtsp.RtspHeaders;
import org.nxvms.media.kit.rtsp.RtspRequest;
import org.nxvms.media.kit.rtsp.RtspResponse;
import org.nxvms.platform.api.ingest.IngestStatus;

/** Sessions with a real camera on loopback: fetched whole, kept alive, logged in to, begun again, ended. */
class IngestTest extends IngestScene {
    @Test
    void everyPictureAndSoundArrivesInTheRing() throws Exception {
        try (FakeCamera camera = new FakeCamera(new Manners())) {
            ingest.ensure(stream, endpoint(camera.url()));
            await(
                    "the clip",
                    () -> pictures.size() == Clip.pictures().size()
                            && sounds.size() == Clip.tone().size());

            assertThat(pictures)
                    .usingElementComparator(Arrays::compare)
                    .containsExactlyElementsOf(
                            Clip.pictures().stream().map(Clip.Picture::sample).toList());
            assertThat(sounds).usingElementComparator(Arrays::compare).containsExactlyElementsOf(Clip.tone());
            assertThat(runs).hasSize(1);
            assertThat(runs.get(0)).startsWith("start avc1.64").endsWith(",mp4a.40.2");
            await("the status", () -> status().state() == IngestStatus.State.STREAMING);
            assertThat(status().cause()).isEmpty();
            assertThat(status().format().orElseThrow().video().orElseThrow().width())
                    .isEqualTo(64);
        }
    }

    @Test
    void theSameWishAgainLeavesTheSessionAlone() throws Exception {
        try (FakeCamera camera = new FakeCamera(new Manners())) {
            for (int i = 0; i < 3; i++) {
                ingest.ensure(stream, endpoint(camera.url()));
            }
            await("pictures", () -> !pictures.isEmpty());
            ingest.ensure(stream, endpoint(camera.url()));
            await("the status", () -> status().state() == IngestStatus.State.STREAMING);
            assertThat(camera.connections).hasSize(1);
            assertThat(camera.count("PLAY")).isEqualTo(1);
        }
    }

    @Test
    void aCameraThatHangsUpIsCalledAgainAndTheGapHasItsCause() throws Exception {
        try (FakeCamera camera = new FakeCamera(new Manners())) {
            ingest.ensure(stream, endpoint(camera.url()));
            await("pictures", () -> pictures.size() == Clip.pictures().size());
            camera.hangUp();
            await("pictures again", () -> pictures.size() == 2 * Clip.pictures().size());

            assertThat(runs).hasSize(3);
            assertThat(runs.get(1)).startsWith("end CAMERA_UNREACHABLE").contains("closed the connection");
        }
    }

    @Test
    void releaseSaysGoodbyeAndEndsTheRunWithItsCause() throws Exception {
        try (FakeCamera camera = new FakeCamera(new Manners())) {
            ingest.ensure(stream, endpoint(camera.url()));
            await("pictures", () -> !pictures.isEmpty());
            ingest.release(stream, GapCause.NOT_SCHEDULED, "switched off");
            await("the end", () -> runs.size() == 2);

            assertThat(runs.get(1)).isEqualTo("end NOT_SCHEDULED switched off");
            assertThat(ingest.statuses()).isEmpty();
            await("goodbye", () -> camera.count("TEARDOWN") == 1);
        }
    }

    @Test
    void digestLoginWorks() throws Exception {
        Manners locked = new Manners() {
            @Override
            Optional<RtspResponse> instead(RtspRequest request) {
                return login(request, "admin", "s3cret");
            }
        };
        try (FakeCamera camera = new FakeCamera(locked)) {
            ingest.ensure(stream, endpoint(camera, "admin", "s3cret"));
            await("pictures", () -> !pictures.isEmpty());
        }
    }

    @Test
    void aWrongPasswordIsTriedTwiceAndThenHardlyEverUntilItChanges() throws Exception {
        Manners locked = new Manners() {
            @Override
            Optional<RtspResponse> instead(RtspRequest request) {
                return login(request, "admin", "s3cret");
            }
        };
        try (FakeCamera camera = new FakeCamera(locked)) {
            ingest.ensure(stream, endpoint(camera, "admin", "wrong"));
            await("two attempts", () -> status().attempts() == 2);

            assertThat(status().state()).isEqualTo(IngestStatus.State.WAITING);
            assertThat(status().cause()).contains(GapCause.AUTH);
            assertThat(status().detail())
                    .contains("refuses the user name or password")
                    .doesNotContain("wrong");
            assertThat(status().nextAttempt().orElseThrow())
                    .isAfter(Instant.now().plusSeconds(180));
            assertThat(camera.connections).hasSize(2);

            ingest.ensure(stream, endpoint(camera, "admin", "s3cret"));
            await("pictures", () -> !pictures.isEmpty());
        }
    }

    @Test
    void theStreamsOfACameraTryAWrongPasswordTogetherNotEachForItself() throws Exception {
        Manners locked = new Manners() {
            @Override
            Optional<RtspResponse> instead(RtspRequest request) {
                return login(request, "admin", "s3cret");
            }
        };
        StreamId other = new StreamId(stream.cameraId(), StreamRole.SUB);
        try (FakeCamera camera = new FakeCamera(locked)) {
            ingest.ensure(stream, endpoint(camera, "admin", "wrong"));
            ingest.ensure(other, endpoint(camera, "admin", "wrong"));
            await(
                    "both rest",
                    () -> ingest.statuses().size() == 2
                            && ingest.statuses().stream().allMatch(IngestTest::restsForMinutes));

            assertThat(ingest.statuses())
                    .allSatisfy(status -> assertThat(status.cause()).contains(GapCause.AUTH));
            assertThat(camera.requests.stream()
                            .filter(request ->
                                    request.headers().first("Authorization").isPresent()))
                    .as("bad logins; each for itself makes four")
                    .hasSizeBetween(2, 3);
        } finally {
            ingest.release(other, GapCause.NOT_SCHEDULED, "");
        }
    }

    private static boolean restsForMinutes(IngestStatus status) {
        return status.nextAttempt()
                .filter(next -> next.isAfter(Instant.now().plusSeconds(60)))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307})
    void aRedirectIsFollowedWithoutHandingThePasswordToAnotherHost(int status) throws Exception {
        try (FakeCamera target = new FakeCamera(new Manners())) {
            Manners moved = new Manners() {
                @Override
                Optional<RtspResponse> instead(RtspRequest request) {
                    return Optional.of(new RtspResponse(
                            status,
                            "Moved",
                            RtspHeaders.of("Location", target.url().replace("127.0.0.1", "localhost"))));
                }
            };
            try (FakeCamera camera = new FakeCamera(moved)) {
                ingest.ensure(stream, endpoint(camera, "admin", "s3cret"));
                await("pictures", () -> !pictures.isEmpty());
                assertThat(target.requests)
                        .noneMatch(request ->
                                request.headers().first("Authorization").isPresent());
            }
        }
    }

    /** Many cameras let a nonce run out after minutes and do not say that the next one is only that. */
    @Test
    void aNonceThatRunsOutEndsNoSession() throws Exception {
        AtomicInteger accepted = new AtomicInteger();
        Manners forgetful = new Manners() {
            @Override
            int sessionTimeoutS() {
                return 1;
            }

            @Override
            Optional<RtspResponse> instead(RtspRequest request) {
                String nonce = accepted.get() < 2 ? "first" : "second";
                Optional<RtspResponse> refused = login(request, "admin", "s3cret", nonce);
                if (refused.isEmpty() && "GET_PARAMETER".equals(request.method())) {
                    accepted.incrementAndGet();
                }
                return refused;
            }
        };
        try (FakeCamera camera = new FakeCamera(forgetful)) {
            ingest.ensure(stream, endpoint(camera, "admin", "s3cret"));
            await("keep-alives with the second nonce", () -> accepted.get() >= 4);
            assertThat(camera.connections).hasSize(1);
        }
    }

    @Test
    void theSessionIsKeptAliveWithinHalfItsTimeout() throws Exception {
        Manners shortLived = new Manners() {
            @Override
            int sessionTimeoutS() {
                return 1;
            }
        };
        try (FakeCamera camera = new FakeCamera(shortLived)) {
            ingest.ensure(stream, endpoint(camera.url()));
            await("keep-alives", () -> camera.count("GET_PARAMETER") >= 2);
            assertThat(camera.connections).hasSize(1);
        }
    }
}

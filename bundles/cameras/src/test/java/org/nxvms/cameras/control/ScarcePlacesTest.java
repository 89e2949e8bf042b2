// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.cameras.fake.House.draft;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.cameras.fake.House;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.ingest.IngestStatus;

/** A device that serves fewer streams than it offers is recorded all the same. */
class ScarcePlacesTest {
    private static final Duration SOON = Duration.ofMillis(Supervisor.TICK_MS);

    private final House house = new House().withAll().install(new FakeDriver("rtsp"), "1.0.0");
    private final Camera camera = house.add(draft("rtsp://cam/1", Optional.of("rtsp://cam/2"), true));
    private final StreamId main = house.main(camera);
    private final StreamId sub = new StreamId(camera.id(), StreamRole.SUB);

    /** Both have broken off, and the one that nobody records is back first. */
    @BeforeEach
    void theOtherStreamIsFirst() {
        house.ingest.placesMax = 1;
        house.ingest.fail(main, IngestStatus.State.WAITING, GapCause.CAMERA_UNREACHABLE, "broke off");
        house.ingest.fail(sub, IngestStatus.State.WAITING, GapCause.CAMERA_UNREACHABLE, "broke off");
        house.ingest.tryAgain(sub);
        house.ingest.tryAgain(main);
        house.ingest.disturbances.clear();
    }

    @Test
    void whatIsRecordedGetsThePlaceOfWhatIsNot() {
        house.loop.advance(SOON);

        assertThat(house.ingest.disturbances).containsExactly("release sub NOT_SCHEDULED " + ScarcePlaces.WHY);
        house.ingest.tryAgain(main);
        house.loop.advance(SOON);
        CameraStatus status = house.status(camera);
        assertThat(status.state()).isEqualTo(CameraStatus.State.RECORDING);
        assertThat(status.streams().get(1).state()).isEqualTo(CameraStatus.State.OFFLINE);
        assertThat(status.streams().get(1).detail()).isEqualTo(ScarcePlaces.WHY);
    }

    @Test
    void whatHasNoPlaceIsTriedAgainAfterAWhileAndOnceEachTime() {
        house.loop.advance(SOON);
        house.ingest.tryAgain(main);
        house.ingest.disturbances.clear();

        house.loop.advance(Duration.ofMillis(ScarcePlaces.YIELD_MS).plus(SOON.multipliedBy(3)));

        assertThat(house.ingest.disturbances)
                .containsExactly("start sub rtsp://cam/2", "release sub NOT_SCHEDULED " + ScarcePlaces.WHY);
        assertThat(house.status(camera).state()).isEqualTo(CameraStatus.State.RECORDING);
    }

    @Test
    void aPlaceThatBecameFreeIsTaken() {
        house.loop.advance(SOON);
        house.ingest.tryAgain(main);
        house.ingest.placesMax = 2;
        house.ingest.disturbances.clear();

        house.loop.advance(Duration.ofMillis(ScarcePlaces.YIELD_MS).plus(SOON.multipliedBy(3)));

        assertThat(house.ingest.disturbances).containsExactly("start sub rtsp://cam/2");
        assertThat(house.status(camera).streams().get(1).state()).isEqualTo(CameraStatus.State.LIVE);
    }

    /** A stream that does not come for another reason costs nobody the one that does. */
    @Test
    void nothingIsGivenUpForAStreamThatIsOnlyAway() {
        house.ingest.fail(main, IngestStatus.State.WAITING, GapCause.STREAM_STALLED, "no picture arrives");

        house.loop.advance(Duration.ofMinutes(1));

        assertThat(house.ingest.disturbances).isEmpty();
        assertThat(house.ingest.status(sub).orElseThrow().state()).isEqualTo(IngestStatus.State.STREAMING);
    }
}

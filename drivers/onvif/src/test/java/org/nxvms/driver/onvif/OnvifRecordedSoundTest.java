// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.EdgeRecordings;
import org.nxvms.media.Codec;
import org.nxvms.media.TrackFormat;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.onvif.OnvifDialect;
import org.nxvms.simulator.rtsp.AudioCodec;
import org.nxvms.simulator.rtsp.AuthScheme;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.simulator.rtsp.CameraSettings;

/** Sound that a camera has recorded lies beside its pictures, at its time; a camera without any has none. */
class OnvifRecordedSoundTest {
    private static final Instant NIGHT = Instant.parse("2026-01-01T02:00:00Z");
    private static final List<AudioCodec> SOUNDS = List.of(AudioCodec.PCMU, AudioCodec.AAC, AudioCodec.NONE);
    /** Of AU headers (RFC 3640 3.2.1). */
    private static final int AU_HEADER_BYTES = 4;

    private static CameraFarm farm;
    private static OnvifDriver driver;

    @BeforeAll
    static void start() throws IOException {
        farm = CameraFarm.builder()
                .cameras(SOUNDS.size())
                .clip(OnvifScene.CLIP)
                .data(Path.of("target", "simulator-data"))
                .settings(number -> CameraSettings.DEFAULT
                        .withLogin(AuthScheme.DIGEST_MD5_QOP, "root", "pass")
                        .withAudio(SOUNDS.get(number - 1)))
                .dialect(OnvifDialect::new)
                .start();
        driver = new OnvifDriver();
    }

    @AfterAll
    static void stop() {
        driver.close();
        farm.close();
    }

    private static FetchedPictures fetched(int number) throws Exception {
        String recording =
                farm.device(number).edge().add(NIGHT, NIGHT.plusSeconds(60)).id();
        DeviceTarget target = new DeviceTarget(
                URI.create(farm.httpUri(number)),
                Optional.empty(),
                Optional.of(new Credentials("root", "pass")),
                Map.of(),
                OnvifScene.TIMEOUT_MS);
        try (CameraSession session = driver.open(target);
                EdgeRecordings.Download download = session.capability(EdgeRecordings.class)
                        .orElseThrow()
                        .fetch(recording, NIGHT.plusMillis(10_480), NIGHT.plusSeconds(20))) {
            FetchedPictures pictures = FetchedPictures.of(FetchedPictures.readAll(download));
            pictures.assertAreThoseSentLive(farm.camera(number).video(Camera.Role.MAIN), 40, 0);
            return pictures;
        }
    }

    private static List<Codec> codecs(FetchedPictures pictures) {
        return pictures.init().format().tracks().stream()
                .map(TrackFormat::codec)
                .toList();
    }

    @Test
    void eachFrameIsThereOnceAtItsTime() throws Exception {
        FetchedPictures ofLaw = fetched(1);
        assertThat(codecs(ofLaw)).containsExactly(Codec.H264, Codec.PCM_MULAW);
        ofLaw.assertSoundIsThatSentLive(farm.camera(1).recordedTracks().get(1), 0);

        FetchedPictures ofAac = fetched(2);
        assertThat(codecs(ofAac)).containsExactly(Codec.H264, Codec.AAC);
        ofAac.assertSoundIsThatSentLive(farm.camera(2).recordedTracks().get(1), AU_HEADER_BYTES);
    }

    @Test
    void aRecordingWithoutSoundHasNone() throws Exception {
        FetchedPictures pictures = fetched(3);
        assertThat(codecs(pictures)).containsExactly(Codec.H264);
        assertThat(pictures.sound()).isEmpty();
    }
}

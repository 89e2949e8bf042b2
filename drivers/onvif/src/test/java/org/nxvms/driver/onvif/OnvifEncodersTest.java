// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.EncoderOptions;
import org.nxvms.driver.spi.EncoderOptions.Range;
import org.nxvms.driver.spi.EncoderSettings;
import org.nxvms.driver.spi.EncoderSettings.Difference;
import org.nxvms.driver.spi.EncoderSettings.Resolution;
import org.nxvms.driver.spi.VideoEncoders;
import org.nxvms.driver.spi.VideoEncoders.Encoder;
import org.nxvms.media.Codec;
import org.nxvms.media.StreamRole;
import org.nxvms.simulator.device.Encoders;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.rtsp.Camera;

/** How the streams are encoded: told with what there is to choose from, set, and read back. */
class OnvifEncodersTest extends OnvifScene {
    private static final Resolution LARGE = new Resolution(640, 360);
    private static final Resolution SMALL = new Resolution(320, 180);
    private static final Resolution TINY = new Resolution(160, 90);

    private Encoders.Setup main;
    private Encoders.Setup sub;

    @BeforeEach
    void asItIs() {
        main = device.encoders().now(Camera.Role.MAIN);
        sub = device.encoders().now(Camera.Role.SUB);
    }

    @AfterEach
    void asBefore() {
        camera.clearFaults();
        device.encoders().set(Camera.Role.MAIN, main);
        device.encoders().set(Camera.Role.SUB, sub);
    }

    private static EncoderSettings h264(
            Resolution resolution, double frameRate, int bitrateKbps, int keyFrameInterval) {
        return new EncoderSettings(
                Codec.H264,
                resolution,
                Optional.of(frameRate),
                Optional.of(bitrateKbps),
                Optional.empty(),
                Optional.empty(),
                Optional.of(keyFrameInterval),
                Optional.empty());
    }

    @Test
    void eachIsToldWithItsOptions() throws Exception {
        try (CameraSession session = open()) {
            List<Encoder> encoders = capability(session, VideoEncoders.class).encoders();
            assertThat(encoders).extracting(Encoder::token).containsExactly("encoder_main", "encoder_sub");
            assertThat(encoders)
                    .extracting(Encoder::streams)
                    .containsExactly(Set.of(StreamRole.MAIN), Set.of(StreamRole.SUB));
            assertThat(encoders.get(0).settings())
                    .isEqualTo(new EncoderSettings(
                            Codec.H264,
                            LARGE,
                            Optional.of(25.0),
                            Optional.of(1_000),
                            Optional.of(true),
                            Optional.of(5.0),
                            Optional.of(10),
                            Optional.of("High")));
            assertThat(encoders.get(0).options())
                    .containsExactly(new EncoderOptions(
                            Codec.H264,
                            List.of(LARGE, SMALL, TINY),
                            Optional.of(new Range(5, 25)),
                            List.of(25.0, 12.5, 5.0),
                            Optional.of(new Range(64, 2_000)),
                            true,
                            Optional.of(new Range(0, 10)),
                            Optional.of(new Range(1, 50)),
                            List.of("Baseline", "Main", "High")));
            assertThat(encoders.get(1).options().get(0).resolutions())
                    .as("the large picture is not for sub")
                    .containsExactly(SMALL, TINY);
        }
    }

    @Test
    void whatIsSetIsWhatTheDeviceHasAndWhatIsNotAskedForStays() throws Exception {
        try (CameraSession session = open()) {
            VideoEncoders encoders = capability(session, VideoEncoders.class);
            EncoderSettings got = encoders.set("encoder_main", h264(SMALL, 5, 300, 15));
            assertThat(got.values())
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "codec", "h264",
                            "resolution", "320x180",
                            "frameRate", "5",
                            "bitrateKbps", "300",
                            "constantBitrate", "true",
                            "quality", "5",
                            "keyFrameInterval", "15",
                            "profile", "High"));
            assertThat(encoders.encoders().get(0).settings()).isEqualTo(got);
            assertThat(device.encoders().now(Camera.Role.MAIN))
                    .isEqualTo(new Encoders.Setup(new Encoders.Size(320, 180), 5, 300, true, 5, 15, "High"));
            assertThat(device.encoders().now(Camera.Role.SUB)).isEqualTo(sub);

            EncoderSettings all = new EncoderSettings(
                    Codec.H264,
                    TINY,
                    Optional.of(25.0),
                    Optional.of(100),
                    Optional.of(false),
                    Optional.of(7.5),
                    Optional.of(50),
                    Optional.of("Baseline"));
            assertThat(encoders.set("encoder_sub", all)).isEqualTo(all);
        }
    }

    @Test
    void aDeviceThatWritesItsPartsInNoNamespaceGetsThemBackSo() throws Exception {
        camera.set(FaultKind.OTHER_NAMESPACES);
        try (CameraSession session = open()) {
            assertThat(session.streams()).hasSize(2);
            capability(session, VideoEncoders.class).set("encoder_main", h264(SMALL, 5, 300, 15));
        }
        assertThat(device.encoders().now(Camera.Role.MAIN).kbps()).isEqualTo(300);
    }

    @Test
    void whatTheDeviceMakesOfItIsToldAsItIs() throws Exception {
        try (CameraSession session = open()) {
            VideoEncoders encoders = capability(session, VideoEncoders.class);
            EncoderSettings wanted = h264(LARGE, 25, 1_500, 30);
            camera.set(FaultKind.ENCODER_ROUNDS);
            assertThat(wanted.differences(encoders.set("encoder_main", wanted)))
                    .containsExactly(
                            new Difference("bitrateKbps", "1500", "1024"),
                            new Difference("keyFrameInterval", "30", "25"));
            camera.clearFaults();
            camera.set(FaultKind.ENCODER_KEEPS);
            assertThat(wanted.differences(encoders.set("encoder_main", wanted)))
                    .as("it took nothing, and says so when it is asked")
                    .extracting(Difference::got)
                    .containsExactly("1024", "25");
        }
    }

    @Test
    void aDeviceWithoutMedia2IsSetByMedia() throws Exception {
        camera.set(FaultKind.NO_GET_SERVICES);
        try (CameraSession session = open()) {
            VideoEncoders encoders = capability(session, VideoEncoders.class);
            Encoder encoder = encoders.encoders().get(0);
            assertThat(encoder.settings().constantBitrate()).isEmpty();
            assertThat(encoder.options())
                    .containsExactly(new EncoderOptions(
                            Codec.H264,
                            List.of(LARGE, SMALL, TINY),
                            Optional.of(new Range(5, 25)),
                            List.of(),
                            Optional.of(new Range(64, 2_000)),
                            false,
                            Optional.of(new Range(0, 10)),
                            Optional.of(new Range(1, 50)),
                            List.of("Baseline", "Main", "High")));
            EncoderSettings wanted = h264(SMALL, 10, 500, 20);
            EncoderSettings got = encoders.set("encoder_main", wanted);
            assertThat(wanted.differences(got))
                    .as("a rate that it does not have, though it is within what it tells")
                    .containsExactly(new Difference("frameRate", "10", "5"));
            assertThat(device.encoders().now(Camera.Role.MAIN))
                    .isEqualTo(new Encoders.Setup(new Encoders.Size(320, 180), 5, 500, true, 5, 20, "High"));
        }
    }

    @Test
    void whatCannotBeSetIsNamedAndChangesNothing() throws Exception {
        try (CameraSession session = open()) {
            VideoEncoders encoders = capability(session, VideoEncoders.class);
            isRefused("The field bitrateKbps must be 64..2000.", encoders, h264(LARGE, 25, 2_001, 10));
            isRefused("The field frameRate must be one of 25, 12.5, 5.", encoders, h264(LARGE, 24, 1_000, 10));
            isRefused("The field keyFrameInterval must be 1..50.", encoders, h264(LARGE, 25, 1_000, 51));
            isRefused(
                    "The field resolution must be one of 640x360, 320x180, 160x90.",
                    encoders,
                    h264(new Resolution(1920, 1080), 25, 1_000, 10));
            EncoderSettings hevc = new EncoderSettings(
                    Codec.HEVC,
                    LARGE,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
            isRefused("The field codec must be one of h264.", encoders, hevc);
            OnvifDriverTest.assertKind(
                    Kind.NOT_FOUND,
                    "no video encoder 'encoder_9'",
                    () -> encoders.set("encoder_9", h264(LARGE, 25, 1_000, 10)));
            assertThat(device.encoders().now(Camera.Role.MAIN)).isEqualTo(main);
        }
    }

    private static void isRefused(String message, VideoEncoders encoders, EncoderSettings wanted) {
        OnvifDriverTest.assertKind(Kind.CONFIG, message, () -> encoders.set("encoder_main", wanted));
    }

    @Test
    void whoMayOnlyWatchSeesAndSetsNothing() throws Exception {
        camera.set(FaultKind.FORBIDDEN);
        try (CameraSession session = open()) {
            VideoEncoders encoders = capability(session, VideoEncoders.class);
            assertThat(encoders.encoders()).hasSize(2);
            OnvifDriverTest.assertKind(
                    Kind.UNSUPPORTED,
                    "no right to SetVideoEncoderConfiguration",
                    () -> encoders.set("encoder_main", h264(LARGE, 25, 500, 10)));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceAnalytics;
import org.nxvms.driver.spi.DeviceAnalytics.Analysis;
import org.nxvms.driver.spi.DeviceAnalytics.Carriage;
import org.nxvms.driver.spi.DeviceAnalytics.Part;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.onvif.OnvifDialect;
import org.nxvms.simulator.rtsp.AuthScheme;
import org.nxvms.simulator.rtsp.Camera;
import org.nxvms.simulator.rtsp.CameraSettings;
import org.nxvms.simulator.rtsp.Metadata;
import org.nxvms.simulator.rtsp.SceneData;

/** What a camera detects is told; its streams carry it where they did, or where the setting lets it be put into them. */
class OnvifAnalyticsTest {
    private static final Map<String, String> USUAL = Map.of();
    private static final Map<String, String> ADD = Map.of("metadata", "add");

    private final OnvifDriver driver = new OnvifDriver();
    private CameraFarm farm;
    private SceneData scene;

    private void camera(Metadata metadata) throws Exception {
        farm = CameraFarm.builder()
                .clip(OnvifScene.CLIP)
                .data(Path.of("target", "simulator-data"))
                .settings(number -> CameraSettings.DEFAULT
                        .withLogin(AuthScheme.DIGEST_MD5_QOP, "root", "pass")
                        .withMetadata(metadata))
                .dialect(OnvifDialect::new)
                .start();
        scene = farm.camera(1).scene();
    }

    @AfterEach
    void stop() {
        driver.close();
        farm.close();
    }

    private CameraSession open(Map<String, String> settings) throws DriverException {
        return driver.open(new DeviceTarget(
                URI.create(farm.httpUri(1)),
                Optional.empty(),
                Optional.of(new Credentials("root", "pass")),
                settings,
                OnvifScene.TIMEOUT_MS));
    }

    private static Analysis analysis(CameraSession session) throws DriverException {
        return OnvifScene.capability(session, DeviceAnalytics.class).analysis();
    }

    private static void assertCarriage(Analysis told, Carriage main, Carriage sub) {
        assertThat(told.streams())
                .extracting(DeviceAnalytics.Metadata::role)
                .containsExactly(StreamRole.MAIN, StreamRole.SUB);
        assertThat(told.streams())
                .extracting(DeviceAnalytics.Metadata::carriage)
                .containsExactly(main, sub);
    }

    /** {@return what the platform is told of the streams beside their addresses} */
    private static List<Map<String, String>> quirks(CameraSession session) throws DriverException {
        return session.streams().stream()
                .map(StreamOffer::endpoint)
                .map(StreamEndpoint::quirks)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatItDetectsIsToldAndNothingIsChangedUnlessItIsAllowed(boolean media2) throws Exception {
        camera(Metadata.OFFERED);
        if (!media2) {
            farm.camera(1).set(FaultKind.NO_GET_SERVICES);
        }
        try (CameraSession session = open(USUAL)) {
            Analysis told = analysis(session);
            assertThat(told.rules()).containsExactly(new Part("MyMotionDetectorRule", "CellMotionDetector"));
            assertThat(told.ruleKinds()).containsExactly("CellMotionDetector", "LineDetector");
            assertThat(told.modules()).containsExactly(new Part("MyCellMotionModule", "CellMotionEngine"));
            assertThat(told.moduleKinds()).containsExactly("CellMotionEngine");
            assertCarriage(told, Carriage.POSSIBLE, Carriage.POSSIBLE);
            assertThat(told.streams().get(0).note()).contains("\"metadata\" to \"add\"");
            assertThat(quirks(session)).containsExactly(Map.of(), Map.of());
        }
        assertThat(scene.isCarriedBy(Camera.Role.MAIN)).isFalse();
        assertThat(scene.hasObjects()).isFalse();
    }

    /** The device takes its configuration only if all else in it comes back as it was told, names in texts too. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereItIsAllowedItIsPutIntoTheStreamsOnceAndTheyAreFetchedAnew(boolean media2) throws Exception {
        camera(Metadata.OFFERED);
        if (!media2) {
            farm.camera(1).set(FaultKind.NO_GET_SERVICES);
        }
        List<String> before;
        try (CameraSession session = open(USUAL)) {
            before = session.streams().stream()
                    .map(offer -> offer.endpoint().uri().toString())
                    .toList();
        }
        for (int session = 1; session <= 2; session++) {
            try (CameraSession allowed = open(ADD)) {
                assertCarriage(analysis(allowed), Carriage.CARRIED, Carriage.CARRIED);
                assertThat(allowed.streams())
                        .extracting(offer -> offer.endpoint().uri().toString())
                        .isEqualTo(before);
                assertThat(quirks(allowed))
                        .as("another endpoint, the same in each session")
                        .containsExactly(Map.of("metadata", "added"), Map.of("metadata", "added"));
            }
            assertThat(scene.isCarriedBy(Camera.Role.MAIN)).isTrue();
            assertThat(scene.isCarriedBy(Camera.Role.SUB)).isTrue();
            assertThat(scene.hasObjects()).isTrue();
            // Whatever it would ask for again is refused.
            farm.camera(1).set(FaultKind.METADATA_REFUSED);
        }
    }

    @Test
    void aProfileWhoseMetadataTellsOfNothingTellsOfObjectsThen() throws Exception {
        camera(Metadata.CARRIED);
        scene.tellObjects(false);
        try (CameraSession session = open(USUAL)) {
            assertCarriage(analysis(session), Carriage.POSSIBLE, Carriage.POSSIBLE);
        }
        try (CameraSession session = open(ADD)) {
            assertCarriage(analysis(session), Carriage.CARRIED, Carriage.CARRIED);
        }
        assertThat(scene.hasObjects()).isTrue();
    }

    @Test
    void aCameraThatSendsItAlreadyIsFetchedAsBefore() throws Exception {
        camera(Metadata.CARRIED);
        try (CameraSession session = open(USUAL)) {
            assertCarriage(analysis(session), Carriage.CARRIED, Carriage.CARRIED);
            assertThat(quirks(session)).containsExactly(Map.of(), Map.of());
        }
    }

    @Test
    void aCameraWithoutMetadataIsRecordedWithout() throws Exception {
        camera(Metadata.NONE);
        for (Map<String, String> settings : List.of(USUAL, ADD)) {
            try (CameraSession session = open(settings)) {
                assertCarriage(analysis(session), Carriage.IMPOSSIBLE, Carriage.IMPOSSIBLE);
                assertThat(quirks(session)).containsExactly(Map.of(), Map.of());
            }
        }
    }

    @Test
    void aCameraThatTakesItAndDoesNotKeepItIsNotWrittenToInEachSession() throws Exception {
        camera(Metadata.OFFERED);
        farm.camera(1).set(FaultKind.METADATA_KEEPS);
        try (CameraSession session = open(ADD)) {
            assertCarriage(analysis(session), Carriage.REFUSED, Carriage.REFUSED);
        }
        // Now it would keep it.
        farm.camera(1).clear(FaultKind.METADATA_KEEPS);
        try (CameraSession session = open(ADD)) {
            Analysis told = analysis(session);
            assertCarriage(told, Carriage.REFUSED, Carriage.REFUSED);
            assertThat(told.streams())
                    .allSatisfy(stream -> assertThat(stream.note()).contains("tried again after an hour"));
        }
        assertThat(scene.isCarriedBy(Camera.Role.MAIN)).as("written").isFalse();
        assertThat(scene.hasObjects()).isFalse();
        try (CameraSession session = open(Map.of("metadata", "add", "transport", "udp"))) {
            assertCarriage(analysis(session), Carriage.CARRIED, Carriage.CARRIED);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "METADATA_REFUSED, cannot be sent with this resolution",
        "METADATA_KEEPS,   has none in it",
        "FORBIDDEN,        no right to SetMetadataConfiguration"
    })
    void aCameraThatRefusesItIsRecordedWithoutAndSaysWhy(FaultKind fault, String why) throws Exception {
        camera(Metadata.OFFERED);
        farm.camera(1).set(fault);
        try (CameraSession session = open(ADD)) {
            Analysis told = analysis(session);
            assertCarriage(told, Carriage.REFUSED, Carriage.REFUSED);
            assertThat(told.streams())
                    .allSatisfy(stream -> assertThat(stream.note()).contains(why));
            assertThat(quirks(session)).containsExactly(Map.of(), Map.of());
        }
        assertThat(scene.isCarriedBy(Camera.Role.MAIN)).isFalse();
    }
}

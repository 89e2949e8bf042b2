// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.simulator.fault.Fault;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.rtsp.AuthScheme;
import org.nxvms.simulator.rtsp.CameraSettings;

/** Cameras that speak RTSP in their own way are fetched like others; those that cannot be are named with the reason. */
class OddCamerasTest {
    private static final List<Fault> PLAYED = List.of(
            FaultKind.ODD_HEADERS.fault(),
            FaultKind.OTHER_CHANNELS.fault(),
            FaultKind.NO_RTP_INFO.fault(),
            FaultKind.SERVER_REQUESTS.fault(1),
            FaultKind.NO_SESSION_TIMEOUT.fault(),
            FaultKind.NO_PARAMETER_SETS.fault(),
            FaultKind.WRONG_PARAMETER_SETS.fault(),
            FaultKind.ABSOLUTE_CONTROL.fault(),
            FaultKind.START_MID_GOP.fault(),
            FaultKind.WRAP.fault(),
            FaultKind.CLOCK_JUMP.fault(31_536_000),
            FaultKind.CLOCK_JUMP.fault(-31_536_000));

    private static final Map<Fault, String> REFUSED = new LinkedHashMap<>();

    static {
        REFUSED.put(FaultKind.UNAUTHORIZED.fault(), "password");
        REFUSED.put(FaultKind.NOT_FOUND.fault(), "404");
        REFUSED.put(FaultKind.BUSY.fault(), "453");
        REFUSED.put(FaultKind.SESSION_LIMIT_503.fault(0), "503");
        REFUSED.put(FaultKind.NO_TCP.fault(), "none of the transports");
        REFUSED.put(FaultKind.SDP_WITHOUT_MEDIA.fault(), "no video");
        REFUSED.put(FaultKind.SDP_BROKEN.fault(), "the camera sends");
        REFUSED.put(FaultKind.UNSUPPORTED_CODEC.fault(), "WAVELET3D");
        REFUSED.put(FaultKind.ANSWER_HTTP.fault(), "RTSP");
        REFUSED.put(FaultKind.ANSWER_GARBAGE.fault(), "RTSP");
    }

    private Stage stage;

    @AfterEach
    void stop() {
        stage.close();
    }

    @Test
    void eachDialectIsFetchedWithoutABreak() throws Exception {
        stage = new Stage(PLAYED.size(), Map.of());
        List<Watch> watches = new ArrayList<>();
        for (int i = 0; i < PLAYED.size(); i++) {
            stage.farm.camera(i + 1).set(PLAYED.get(i));
            watches.add(stage.fetch(i + 1, Transport.TCP));
        }
        stage.await("everybody", () -> watches.stream().allMatch(watch -> watch.pictures.size() > 75));
        for (int i = 0; i < PLAYED.size(); i++) {
            assertThat(watches.get(i).runs).as(PLAYED.get(i).toString()).hasSize(1);
            assertThat(watches.get(i).breaks()).as(PLAYED.get(i).toString()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void eachKindOfLoginIsAnsweredThroughTheWholeSession(AuthScheme scheme) throws Exception {
        stage = new Stage(1, Map.of(), CameraSettings.DEFAULT.withLogin(scheme, "admin", "s3cret: \"1\""));
        Watch watch = stage.fetch(1, new Credentials("admin", "s3cret: \"1\""));
        stage.await("pictures", () -> watch.pictures.size() > 25);
        assertThat(watch.runs).hasSize(1);
        assertThat(watch.breaks()).isEmpty();
    }

    @Test
    void whatCannotBeFetchedIsNamedWithItsReason() throws Exception {
        List<Fault> faults = List.copyOf(REFUSED.keySet());
        stage = new Stage(faults.size(), Map.of());
        for (int i = 0; i < faults.size(); i++) {
            stage.farm.camera(i + 1).set(faults.get(i));
            stage.fetch(i + 1, Transport.TCP);
        }
        for (int i = 0; i < faults.size(); i++) {
            int number = i + 1;
            String words = REFUSED.get(faults.get(i));
            stage.await(
                    "the refusal of " + faults.get(i) + " in these words: " + words,
                    () -> stage.status(number).state() == IngestStatus.State.WAITING
                            && stage.status(number).detail().contains(words));
        }
    }
}

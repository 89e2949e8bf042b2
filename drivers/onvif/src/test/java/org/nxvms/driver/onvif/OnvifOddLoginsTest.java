// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceSnapshot;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.media.StreamRole;
import org.nxvms.simulator.fault.FaultKind;

/** Devices whose login, HTTP or XML is as the standards let it be, and not as most have it. */
class OnvifOddLoginsTest extends OnvifScene {
    private static void assertLoginCounts(String what) throws Exception {
        try (CameraSession session = open()) {
            assertThat(session.streams()).as(what).hasSize(2);
            capability(session, Ptz.class).stop();
        }
        OnvifDriverTest.assertKind(
                Kind.AUTH, "correct them", () -> driver.open(target(farm.httpUri(1), "wrong", Map.of(), TIMEOUT_MS)));
    }

    @Test
    void whoTellsEverybodyWhoItIsHasLookedAtNoLogin() throws Exception {
        for (FaultKind way : List.of(FaultKind.NO_USERNAME_TOKEN, FaultKind.NO_HTTP_DIGEST, FaultKind.NO_WS_SECURITY)) {
            camera.set(FaultKind.OPEN_IDENTITY);
            camera.set(way);
            assertLoginCounts(way.id());
            camera.clearFaults();
        }
    }

    @Test
    void aMissingRightIsNoWrongPasswordWhoeverIsToldWhoTheDeviceIs() throws Exception {
        camera.set(FaultKind.OPEN_IDENTITY);
        camera.set(FaultKind.FORBIDDEN);
        try (CameraSession session = open()) {
            assertThat(session.streams()).hasSize(2);
            OnvifDriverTest.assertKind(Kind.UNSUPPORTED, "no right to Stop", () -> capability(session, Ptz.class)
                    .stop());
        }
    }

    @Test
    void whoDoesNotKnowWsSecurityIsLoggedInToByHttp() throws Exception {
        camera.set(FaultKind.NO_WS_SECURITY);
        assertLoginCounts("HTTP Digest only");
    }

    @Test
    void aConnectionThatEndsBetweenTwoQuestionsCostsNone() throws Exception {
        camera.set(FaultKind.CLOSE_KEPT);
        assertLoginCounts("one question a connection");
        camera.clearFaults();
        try (CameraSession session = open();
                DeviceEvents.Feed feed = capability(session, DeviceEvents.class).subscribe()) {
            OnvifEventsTest.until(feed, DeviceEvent.synchronised());
            camera.set(FaultKind.CLOSE_KEPT);
            device.ports().set(2, true);
            OnvifEventsTest.until(feed, DeviceEvent.on("onvif.relay", "output/relay_2"));
        } finally {
            device.ports().set(2, false);
        }
    }

    @Test
    void xmlThatIsNotWrittenAsItSaysIsReadAsFarAsItCanBe() throws Exception {
        camera.set(FaultKind.ODD_XML);
        assertLoginCounts("blank lines, and bytes of another code");
        try (CameraSession session = open()) {
            assertThat(session.identity().manufacturer()).endsWith(" NXvms");
            assertThat(session.identity().model()).isEqualTo("SIM-ONVIF");
        }
    }

    @Test
    void answersAreAskedForAsTheyAre() throws Exception {
        camera.set(FaultKind.PACKED_ANSWERS);
        assertLoginCounts("who says nothing gets gzip");
        try (CameraSession session = open()) {
            assertThat(capability(session, DeviceSnapshot.class).jpeg(StreamRole.MAIN))
                    .isNotEmpty();
        }
    }
}

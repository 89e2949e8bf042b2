// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;

/** Parts of a device that are at another port of its host, where a web server is in front of it. */
class OnvifOtherPortsTest {
    private final OnvifDriver driver = new OnvifDriver();
    private ScriptedDevice device;
    private ScriptedDevice other;

    @BeforeEach
    void start() throws Exception {
        device = new ScriptedDevice();
        other = new ScriptedDevice();
    }

    @AfterEach
    void stop() {
        device.close();
        other.close();
        driver.close();
    }

    /** Has its pull points at the other port. */
    private void tells(ScriptedDevice events, String pullPoint) {
        String there = "http://10.0.0.1:" + other.port();
        device.has(Service.EVENTS, there + "/onvif/events");
        events.answers("GetServiceCapabilities", "<GetServiceCapabilitiesResponse/>")
                .answers(
                        "CreatePullPointSubscription",
                        "<CreatePullPointSubscriptionResponse><SubscriptionReference><Address>" + there + pullPoint
                                + "</Address></SubscriptionReference></CreatePullPointSubscriptionResponse>");
        other.answers("GetServiceCapabilities", "<GetServiceCapabilitiesResponse/>")
                .answers("PullMessages", "<PullMessagesResponse/>");
    }

    private void hears() throws Exception {
        try (CameraSession session = driver.open(device.target());
                DeviceEvents.Feed feed =
                        session.capability(DeviceEvents.class).orElseThrow().subscribe()) {
            OnvifEventsTest.until(feed, DeviceEvent.synchronised());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {302, 400, 403, 404, 500})
    void aPageIsNoServiceWhateverItsStatus(int status) throws Exception {
        tells(other, "/onvif/pull");
        device.shows("/onvif/events", status).shows("/onvif/pull", status);
        hears();
        assertThat(other.asked("PullMessages")).isNotEmpty();
        assertThat(other.asked("GetProfiles")).as("what is here is asked here").isEmpty();
    }

    @Test
    void whatOneServiceIsBehindTheNextOneNeedNotBe() throws Exception {
        tells(device, "/event/sub-7");
        device.lacks("/event/sub-7");
        hears();
        assertThat(device.asked("CreatePullPointSubscription")).isNotEmpty();
        assertThat(other.asked("/event/sub-7 ")).isNotEmpty();
    }
}

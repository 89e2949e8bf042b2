// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DigitalIo;
import org.nxvms.driver.spi.DriverException;

/** Devices that keep to the letter of the standard, or not to it, where the simulated ones do not. */
class OnvifOddDevicesTest {
    private final OnvifDriver driver = new OnvifDriver();
    private ScriptedDevice device;

    @BeforeEach
    void start() throws Exception {
        device = new ScriptedDevice();
    }

    @AfterEach
    void stop() {
        device.close();
        driver.close();
    }

    @Test
    void anOldDeviceThatSays400ToWhatItDoesNotKnowIsNoWrongPassword() throws Exception {
        try (CameraSession session = driver.open(device.target())) {
            assertThat(session.identity().manufacturer()).isEqualTo("Scripted");
        }
        assertThat(device.asked("GetServices ")).as("it was asked, and does not know it").isNotEmpty();
    }

    @Test
    void whatHangsBesideThePicturesCostsItselfAndNothingElse() throws Exception {
        device.has(Service.DEVICE_IO, "/onvif/io")
                .doesNotAnswer("GetNetworkInterfaces")
                .doesNotAnswer("GetAudioDecoderConfigurationOptions")
                .doesNotAnswer("GetDigitalInputs")
                .doesNotAnswer("GetRelayOutputs");
        try (CameraSession session = driver.open(device.target())) {
            assertThat(session.identity().macAddress()).isEmpty();
            assertThat(session.capability(AudioOut.class)).isEmpty();
            assertThat(session.capability(DigitalIo.class)).isEmpty();
        }
        assertThat(device.asked("GetRelayOutputs")).isNotEmpty();
    }

    @Test
    void aDeviceThatGivesFewMessagesAtOnceIsAskedForFew() throws Exception {
        device.has(Service.EVENTS, "/onvif/events")
                .answers(
                        "CreatePullPointSubscription",
                        "<CreatePullPointSubscriptionResponse><SubscriptionReference><Address>http://10.0.0.1/onvif/pull"
                                + "</Address></SubscriptionReference></CreatePullPointSubscriptionResponse>")
                .refusesWithout("PullMessages", "<o:MessageLimit>2<", "<PullMessagesResponse/>");
        try (CameraSession session = driver.open(device.target());
                DeviceEvents.Feed feed =
                        session.capability(DeviceEvents.class).orElseThrow().subscribe()) {
            assertThat(OnvifEventsTest.until(feed, DeviceEvent.synchronised()))
                    .containsExactly(DeviceEvent.synchronised());
        }
        assertThat(device.asked("MessageLimit>100<")).as("more is asked for once").hasSize(1);
    }

    @Test
    void whatIsNoTopicTakesNoTime() throws Exception {
        String xml = "<NotificationMessage><Topic>" + "w".repeat(1_500_000)
                + "</Topic><Message><Message/></Message></NotificationMessage>";
        XmlNode told = XmlNode.read(xml.getBytes(StandardCharsets.UTF_8));
        // Read as a topic it would take hours.
        assertThat(Topics.events(told, Set.of(), List.of())).isEmpty();
    }

    @Test
    void aDeviceThatAlwaysSaysWhatNobodyWantsToKnowIsNotAskedWithoutAPause() throws Exception {
        Chatter chatter = new Chatter();
        try (OnvifFeed feed = new OnvifFeed(chatter, Set.of(), () -> Quirks.NONE, OnvifFeed.Patience.USUAL)) {
            assertThat(feed.next(1_000)).isEmpty();
        }
        assertThat(chatter.asked).as("20 times a second at most").isLessThan(40);
    }

    private static final class Chatter implements Subscription {
        private int asked;

        @Override
        public List<XmlNode> take(int seconds) throws DriverException {
            asked++;
            String xml = "<NotificationMessage><Topic>tns1:Monitoring/ProcessorUsage</Topic></NotificationMessage>";
            return List.of(XmlNode.read(xml.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public int quietSeconds() {
            return 1;
        }

        @Override
        public void synchronise() {
            // It says what it says.
        }

        @Override
        public void renew() {
            // It never ends.
        }

        @Override
        public void end() {
            // Nobody else is asked.
        }

        @Override
        public void wake() {
            // It never waits.
        }
    }
}

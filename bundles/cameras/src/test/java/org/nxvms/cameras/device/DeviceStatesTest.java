// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.fake.FakePublisher;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvent.Form;

/** What a camera says becomes events that are never stuck on, and never too many. */
class DeviceStatesTest {
    private final FakePublisher bus = new FakePublisher();
    private final DeviceStates states = new DeviceStates(new UUID(1, 1), () -> bus);
    private final Object feed = new Object();
    private long nowMs = 5_000;

    DeviceStatesTest() {
        begin(feed);
    }

    private void begin(Object next) {
        states.begin(next, new DeviceStates.Now(nowMs, nowMs * 1_000));
    }

    private void take(Object from, DeviceEvent... said) {
        states.take(from, "acme", List.of(said), new DeviceStates.Now(nowMs, nowMs * 1_000));
    }

    @Test
    void statesBeginAndEndAndPulsesHappen() {
        take(feed, DeviceEvent.on("camera.motion", "rule/1"), DeviceEvent.pulse("acme.door_forced", "door/2"));
        take(feed, DeviceEvent.off("camera.motion", "rule/1"), DeviceEvent.off("camera.motion", "rule/9"));

        assertThat(bus.said())
                .containsExactly(
                        "pulse acme.door_forced door/2", "hold camera.motion rule/1", "end camera.motion rule/1");
    }

    @Test
    void aStateIsSaidAgainWhileItsFeedLivesAndNotBefore() {
        take(feed, DeviceEvent.on("camera.motion", ""));
        nowMs += DeviceStates.AGAIN_MS - 1;
        take(feed, DeviceEvent.on("camera.motion", ""));
        assertThat(bus.take()).containsExactly("hold camera.motion");

        nowMs += 1;
        take(feed);
        assertThat(bus.take()).containsExactly("hold camera.motion");
    }

    @Test
    void aNewFeedEndsWhatItDoesNotNameAndGoesOnWithTheRest() {
        take(feed, DeviceEvent.on("camera.motion", ""), DeviceEvent.on("camera.input", "input/1"));
        bus.take();
        Object next = new Object();
        begin(next);

        take(next, DeviceEvent.on("camera.input", "input/1"));
        assertThat(bus.take()).as("nothing is known yet of the other").isEmpty();
        take(next, DeviceEvent.synchronised());
        assertThat(bus.take()).containsExactly("end camera.motion");
        take(feed, DeviceEvent.off("camera.input", "input/1"));
        assertThat(bus.take())
                .as("what a feed says that is replaced counts no more")
                .isEmpty();
    }

    /** A driver may forget to say that its feed is synchronised: what the old feed said must not stay on for that. */
    @Test
    void whatANewFeedDoesNotNameIsNotSaidAgainAndEndsWithoutAWord() {
        take(feed, DeviceEvent.on("camera.motion", ""));
        bus.take();
        Object next = new Object();
        begin(next);
        nowMs += DeviceStates.AGAIN_MS;
        take(next);
        assertThat(bus.take()).as("nobody knows whether it still holds").isEmpty();

        nowMs += DeviceStates.SYNCHRONISED_MS_MAX - DeviceStates.AGAIN_MS;
        take(next);
        assertThat(bus.take()).containsExactly("end camera.motion");
    }

    @Test
    void whatTheBusDoesNotTakeIsSaidAgain() {
        bus.full = true;
        take(feed, DeviceEvent.on("camera.motion", ""));
        bus.full = false;
        take(feed);
        assertThat(bus.take()).containsExactly("hold camera.motion");

        bus.full = true;
        take(feed, DeviceEvent.off("camera.motion", ""));
        bus.full = false;
        take(feed);
        assertThat(bus.take()).containsExactly("end camera.motion");
    }

    @Test
    void aStormIsHeardInPartAndItsStatesAreRightInTheEnd() {
        List<DeviceEvent> storm = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            storm.add(DeviceEvent.pulse("acme.ping", ""));
            storm.add(DeviceEvent.on("camera.motion", ""));
            storm.add(DeviceEvent.off("camera.motion", ""));
        }
        storm.add(DeviceEvent.on("camera.tamper", ""));
        take(feed, storm.toArray(DeviceEvent[]::new));
        assertThat(bus.take()).hasSizeLessThanOrEqualTo(DeviceStates.BURST_MAX);

        nowMs += 1_000;
        take(feed);
        assertThat(bus.take()).contains("hold camera.tamper").doesNotContain("hold camera.motion");
        nowMs += 1_000;
        take(feed, storm.toArray(DeviceEvent[]::new));
        assertThat(bus.take()).hasSizeLessThanOrEqualTo(2 * DeviceStates.PER_SECOND_MAX);
    }

    @Test
    void statesAreBounded() {
        List<DeviceEvent> many = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            many.add(DeviceEvent.on("camera.input", "input/" + i));
        }
        take(feed, many.toArray(DeviceEvent[]::new));
        for (int i = 0; i < 60; i++) {
            nowMs += 1_000;
            take(feed);
        }
        assertThat(bus.said().stream().distinct()).hasSize(DeviceStates.STATES_MAX);
    }

    /** The server's own words cannot be forged by a camera, and its bounds not broken. */
    @Test
    void whatMayNotBeSaidIsLeftOut() {
        take(
                feed,
                DeviceEvent.on("recording.gap", ""),
                DeviceEvent.on("camera.driver_missing", ""),
                DeviceEvent.pulse("other.vendor", ""),
                DeviceEvent.pulse("acme", ""),
                DeviceEvent.pulse("acme.Upper Case", ""),
                DeviceEvent.pulse("acme.part", "x".repeat(200)),
                new DeviceEvent(Form.PULSE, "acme.attributes", "", Map.of("not a name", "1")),
                DeviceEvent.pulse("acme.good", ""));

        assertThat(bus.said()).containsExactly("pulse acme.good");
    }

    @Test
    void whatHeldEndsWhenNobodyListensAnyMore() {
        take(feed, DeviceEvent.on("camera.motion", ""));
        states.over(1);

        take(feed, DeviceEvent.on("camera.motion", ""));
        assertThat(bus.said()).containsExactly("hold camera.motion", "end camera.motion");
    }
}

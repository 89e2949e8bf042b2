// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.cameras.fake.House.draft;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.fake.FakeDevice;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.cameras.fake.House;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.CameraTalk;
import org.nxvms.platform.api.camera.EdgeMedia;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.test.kit.Awaiting;

/** Talks and fetches: sessions that last, one of a kind a camera, and what ends them. */
class DeviceErrandsTest {
    private static final Instant FROM = FakeDevice.RECORDED;
    private static final Instant TO = FROM.plusSeconds(60);

    private final FakeDevice device = new FakeDevice();
    private final FakeDriver driver = driver();
    private final House house = new House().withAll().install(driver, "1.0.0");
    private final Camera camera = house.add(draft("rtsp://cam/1"));

    private FakeDriver driver() {
        FakeDriver made = new FakeDriver("rtsp");
        made.device = Optional.of(device);
        return made;
    }

    private CameraTalk talk(String by) throws Exception {
        return house.control.talk(camera.id(), FakeDevice.SPEECH, by);
    }

    /** {@return what the device was told but for its events, which are listened to meanwhile} */
    private List<String> told() {
        return device.told.stream().filter(what -> !what.endsWith("subscribe")).toList();
    }

    private void awaitClosed() {
        Awaiting.until("its sessions are closed", () -> driver.openSessions(Errand.TIMEOUT_MS) == 0);
    }

    private static void assertKind(Kind kind, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(DriverException.class, failed -> assertThat(failed.kind())
                .as(failed.getMessage())
                .isEqualTo(kind));
    }

    @Test
    void soundIsPlayedInOrderAndTheEventSaysWhoTalks() throws Exception {
        CameraTalk talk = talk("olga");
        house.publisher.await("hold camera.talk");
        assertThat(house.control.talker(camera.id())).contains("olga");
        for (byte i = 1; i <= 100; i++) {
            while (!talk.play(new byte[] {i})) {
                LockSupport.parkNanos(1_000_000);
            }
        }
        for (byte i = 1; i <= 100; i++) {
            assertThat(device.heard.poll(60, TimeUnit.SECONDS)).containsExactly(i);
        }
        assertThatThrownBy(() -> talk.play(new byte[AudioOut.FRAME_BYTES_MAX + 1]))
                .isInstanceOf(IllegalArgumentException.class);
        talk.close();
        house.publisher.await("end camera.talk");
        awaitClosed();
        assertThat(told()).endsWith("silence");
        Awaiting.until("nobody talks", () -> house.control.talker(camera.id()).isEmpty());
        assertKind(Kind.CLOSED, () -> talk.play(new byte[1]));
    }

    @Test
    void oneTalksAtATimeAndWhatTheDeviceDoesNotTakeIsRefused() throws Exception {
        CameraTalk first = talk("olga");
        assertThatThrownBy(() -> talk("boris")).hasMessageContaining("olga talks through the camera");
        first.close();
        Awaiting.until("nobody talks", () -> house.control.talker(camera.id()).isEmpty());
        talk("boris").close();
        Awaiting.until("nobody talks", () -> house.control.talker(camera.id()).isEmpty());
        assertKind(
                Kind.UNSUPPORTED,
                () -> house.control.talk(camera.id(), new AudioOut.Format(AudioOut.Codec.OPUS, 48_000, 1), "olga"));
        driver.device = Optional.empty();
        assertKind(Kind.UNSUPPORTED, () -> talk("olga"));
    }

    @Test
    void theCamerasOfOneDriverLeaveRoomForOthers() throws Exception {
        for (int i = 0; i < 8; i++) {
            house.control.talk(house.add(draft("rtsp://cam/" + (10 + i))).id(), FakeDevice.SPEECH, "olga");
        }
        assertThatThrownBy(() -> talk("boris")).hasMessageContaining("Too much of the kind");
        FakeDriver other = new FakeDriver("other");
        other.device = Optional.of(new FakeDevice());
        house.install(other, "1.0.0");
        CameraDraft elsewhere = new CameraDraft(
                "Elsewhere",
                "other",
                URI.create("rtsp://cam/30"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                Optional.empty(),
                Map.of(),
                RecordingSettings.DEFAULT);
        house.control
                .talk(house.add(elsewhere).id(), FakeDevice.SPEECH, "boris")
                .close();
    }

    @Test
    void aDeviceThatTakesNothingIsPressedNoFurther() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CameraTalk talk = talk("olga");
        device.behaviour = () -> awaitUninterrupted(stuck);
        int taken = 0;
        while (talk.play(new byte[] {1})) {
            taken++;
            assertThat(taken).as("what waits is bounded").isLessThan(40);
        }
        device.behaviour = () -> {};
        stuck.countDown();
        Awaiting.until("sound was heard", () -> device.heard.size() >= 20);
        assertThat(talk.play(new byte[] {2})).isTrue();
        talk.close();
    }

    @Test
    void aTalkThatBreaksOffSaysWhy() throws Exception {
        CameraTalk talk = talk("olga");
        device.behaviour = () -> {
            throw new DriverException(Kind.UNREACHABLE, "The camera went away.");
        };
        talk.play(new byte[] {1});
        Awaiting.until("the talk is over", () -> talk.over().isPresent());
        assertThatThrownBy(() -> talk.play(new byte[] {1})).hasMessage("The camera went away.");
        house.publisher.await("end camera.talk");
        awaitClosed();
    }

    @Test
    void footageIsReadToItsEndAtTheReadersPace() throws Exception {
        for (int i = 0; i < 50; i++) {
            device.footage.add(new byte[1_000]);
        }
        try (EdgeMedia media = house.control.fetch(camera.id(), "r1", FROM, TO)) {
            assertThat(media.mediaType()).isEqualTo("video/x-matroska");
            assertKind(Kind.BUSY, () -> house.control.fetch(camera.id(), "r1", FROM, TO));
            InputStream bytes = media.bytes();
            assertThat(bytes.read()).isZero();
            Awaiting.until("footage was fetched", () -> device.footage.size() <= 45);
            assertThat(device.footage.size())
                    .as("no more is fetched than is read")
                    .isGreaterThan(40);
            assertThat(bytes.readAllBytes()).hasSize(49_999);
        }
        awaitClosed();
        assertThat(told()).endsWith("fetched");
    }

    @Test
    void footageThatBreaksOffIsNoWholeFile() throws Exception {
        device.footage.add(new byte[10]);
        device.footage.add(new DriverException(Kind.UNREACHABLE, "The camera went away."));
        try (EdgeMedia media = house.control.fetch(camera.id(), "r1", FROM, TO)) {
            assertThat(media.bytes().readNBytes(10)).hasSize(10);
            assertThatThrownBy(() -> media.bytes().read())
                    .isInstanceOf(IOException.class)
                    .hasMessage("The camera went away.");
        }
        assertKind(Kind.NOT_FOUND, () -> house.control.fetch(camera.id(), "r9", FROM, TO));
        awaitClosed();
    }

    @Test
    void whatLastsEndsWhenItsReaderOrItsDriverGoes() throws Exception {
        for (int i = 0; i < 50; i++) {
            device.footage.add(new byte[1_000]);
        }
        house.control.fetch(camera.id(), "r1", FROM, TO).close();
        awaitClosed();
        CameraTalk talk = talk("olga");
        EdgeMedia media = house.control.fetch(camera.id(), "r1", FROM, TO);
        house.uninstall(driver);
        Awaiting.until("the talk is over", () -> talk.over().isPresent());
        awaitClosed();
        assertThatThrownBy(() -> media.bytes().readAllBytes()).isInstanceOf(IOException.class);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        boolean over = false;
        while (!over) {
            try {
                over = latch.await(1, TimeUnit.DAYS);
            } catch (InterruptedException e) {
                // Goes on, as bad code does.
                assertThat(e).isNotNull();
            }
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.driver.spi.Capability;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.EdgeRecordings;
import org.nxvms.driver.spi.Imaging;
import org.nxvms.driver.spi.Wording;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraReport;
import org.nxvms.platform.api.camera.CameraSetup;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.camera.DriverRollout;
import org.nxvms.platform.api.camera.DriverRollouts;
import org.nxvms.platform.api.camera.EdgeMedia;

/** Cameras by commands: what is passed on, what is printed, how it fails. */
class CameraCommandsTest {
    @TempDir
    Path folder;

    private final FakeRegistry registry = new FakeRegistry();
    private final Console console = new Console().with(CameraRegistry.class, registry);

    @Test
    void aCameraIsAddedWithAPasswordThatIsAskedFor() throws Exception {
        CameraAddCommand add = add("Gate", "rtsp://cam/1");
        add.user = "admin";
        add.subUrl = "rtsp://cam/2";
        add.settings = List.of("keepalive=options");
        add.retentionDays = 7;

        String printed = console.typing("geheim").run(add);

        CameraDraft draft = registry.drafts.get(0);
        assertThat(console.prompts()).containsExactly("Password of the camera: ");
        assertThat(draft.password()).contains("geheim");
        assertThat(draft.subAddress().orElseThrow()).hasToString("rtsp://cam/2");
        assertThat(draft.settings()).isEqualTo(Map.of("keepalive", "options"));
        assertThat(draft.recording().retentionDaysMax()).isEqualTo(7);
        assertThat(printed)
                .contains("Added Gate as " + registry.cameras.get(0).id())
                .doesNotContain("geheim");
    }

    @Test
    void withoutAUserNothingIsAsked() throws Exception {
        console.run(add("Gate", "rtsp://cam/1"));

        assertThat(console.prompts()).isEmpty();
        assertThat(registry.drafts.get(0).password()).isEmpty();
    }

    @Test
    void whoAddsACameraIsToldWhetherItAnswers() throws Exception {
        registry.states.clear();
        registry.states.addAll(List.of(CameraStatus.State.CONNECTING, CameraStatus.State.OFFLINE));
        assertThat(console.run(add("Gate", "rtsp://cam/1")))
                .contains("Added Gate as ")
                .contains("It does not answer yet. No answer. The server goes on trying.", "nxvms:cameras");

        registry.states.addFirst(CameraStatus.State.CONNECTING);
        registry.states.addLast(CameraStatus.State.RECORDING);
        registry.states.remove(CameraStatus.State.OFFLINE);
        assertThat(console.run(add("Yard", "rtsp://cam/2")))
                .contains("It answers and is recorded.")
                .doesNotContain("goes on trying");

        registry.states.clear();
        registry.states.add(CameraStatus.State.CONNECTING);
        CameraAddCommand silent = add("Roof", "rtsp://cam/3");
        silent.answerMs = 300;
        assertThat(console.run(silent)).contains("It has not answered within", "goes on trying");

        registry.states.clear();
        registry.states.add(CameraStatus.State.UNAUTHORIZED);
        assertThat(console.run(add("Hall", "rtsp://cam/4"))).contains("It is not recorded (unauthorized). No answer.");
    }

    @Test
    void ofAHostAloneWhoeverKnowsTheDeviceIsTheDriver() throws Exception {
        List<CameraSetup.Order> orders = new ArrayList<>();
        Camera found = registry.add("Yard");
        CameraReport report = new CameraReport(
                Instant.EPOCH,
                900,
                "onvif",
                "1.0",
                DeviceIdentity.UNKNOWN,
                List.of(
                        CameraReport.Check.works("login", "The login works."),
                        new CameraReport.Check(
                                "clock", CameraReport.State.LIMITED, "Its clock is 9 s slow.", "Set it.")));
        console.with(CameraSetup.class, Console.proxy(CameraSetup.class, (method, arguments) -> {
            orders.add((CameraSetup.Order) arguments[0]);
            return new CameraSetup.Added(found, report);
        }));
        CameraAddCommand add = add("Yard", "192.0.2.11");
        add.user = "admin";
        add.retentionDays = 7;

        String printed = console.typing("geheim").run(add);

        CameraSetup.Order order = orders.get(0);
        assertThat(order.address()).isEqualTo("192.0.2.11");
        assertThat(order.driver()).isEmpty();
        assertThat(order.password()).contains("geheim");
        assertThat(order.recording().retentionDaysMax()).isEqualTo(7);
        assertThat(printed)
                .contains("clock: Its clock is 9 s slow. Set it.", "Added Yard as " + found.id(), "by the driver rtsp")
                .doesNotContain("login")
                .doesNotContain("geheim");
        assertThat(registry.drafts).isEmpty();

        CameraAddCommand odd = add("Yard", "http://192.0.2.11");
        odd.subUrl = "http://192.0.2.11/2";
        assertFails(odd, "name it with --driver");
        assertThat(orders).hasSize(1);
    }

    @Test
    void passwordsComeFromAFileOrAPipe() throws Exception {
        Path file = Files.writeString(folder.resolve("pw"), "from file\r\nsecond line\n");
        CameraAddCommand byFile = add("A", "rtsp://cam/1");
        byFile.user = "admin";
        byFile.passwordFile = file.toString();
        console.run(byFile);
        CameraAddCommand byDash = add("B", "rtsp://cam/1");
        byDash.user = "admin";
        byDash.passwordFile = "-";
        console.piping("from pipe\n").run(byDash);
        CameraAddCommand bare = add("C", "rtsp://cam/1");
        bare.user = "admin";
        console.piping("without terminal").run(bare);

        assertThat(registry.drafts)
                .extracting(draft -> draft.password().orElseThrow())
                .containsExactly("from file", "from pipe", "without terminal");
    }

    @Test
    void aBadPasswordSourceIsSaid() throws Exception {
        CameraAddCommand missing = add("A", "rtsp://cam/1");
        missing.user = "admin";
        missing.passwordFile = folder.resolve("none").toString();
        assertFails(missing, "There is no file");
        CameraAddCommand empty = add("A", "rtsp://cam/1");
        empty.user = "admin";
        empty.passwordFile = Files.writeString(folder.resolve("empty"), "\n").toString();
        assertFails(empty, "no password in its first line");
        CameraAddCommand large = add("A", "rtsp://cam/1");
        large.user = "admin";
        large.passwordFile =
                Files.writeString(folder.resolve("large"), "x".repeat(5_000)).toString();
        assertFails(large, "not a password");
        CameraAddCommand nobody = add("A", "rtsp://cam/1");
        nobody.passwordFile = "-";
        assertFails(nobody, "--password-file needs --user");
        assertThat(registry.drafts).isEmpty();
    }

    @Test
    void whatCannotWorkIsListedByField() {
        assertThatThrownBy(() -> console.run(add(" ", "rtsp://cam/1")))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("  address: Is no address." + System.lineSeparator() + "  name: Give the camera");
    }

    @Test
    void aBadUrlIsRefusedWithoutShowingItsPassword() {
        assertThatThrownBy(() -> console.run(add("A", "rtsp://admin:ge heim@cam/1")))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("url is not a URL")
                .hasMessageNotContaining("heim");
    }

    @Test
    void aTestedCameraIsAddedOnlyWhenItShowsAPicture() throws Exception {
        registry.probeFailure = new DriverException(DriverException.Kind.AUTH, "cam refuses the password.");
        CameraAddCommand add = add("Gate", "rtsp://cam/1");
        add.test = true;
        assertFails(add, "cam refuses the password.");
        assertThat(registry.cameras).isEmpty();

        registry.probeFailure = null;
        assertThat(console.run(add)).contains("main stream works: avc1.640028", "99 ms", "Added Gate");
    }

    @Test
    void camerasAreRemovedByIdOrByAnUnambiguousName() throws Exception {
        Camera gate = registry.add("Gate");
        Camera twin = registry.add("Door");
        registry.add("door");

        assertFails(remove("door"), "2 cameras are named");
        assertFails(remove("nobody"), "nxvms:cameras lists them");
        assertThat(console.run(remove("GATE"))).contains("Removed Gate (" + gate.id());
        console.run(remove(twin.id().toString()));

        assertThat(registry.cameras).extracting(Camera::name).containsExactly("door");
    }

    @Test
    void listsShowWhatIsWrong() throws Exception {
        registry.add("Gate");
        CamerasCommand all = new CamerasCommand();
        CamerasCommand none = new CamerasCommand();
        none.filter = "garden";

        assertThat(console.run(all)).contains("Gate", "rtsp (absent)", "offline", "No answer.");
        assertThat(console.run(none)).contains("No camera matches").doesNotContain("Gate");
        assertThat(console.run(new DriversCommand())).contains("RTSP camera", "1.2.3", "org.nxvms.driver.rtsp");
    }

    @Test
    void aMissingRegistryIsSaid() {
        assertThatThrownBy(() -> new Console().run(new CamerasCommand()))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("The camera registry does not run");
    }

    private void assertFails(ServerCommand command, String why) {
        assertThatThrownBy(() -> console.run(command))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining(why);
    }

    private static CameraRemoveCommand remove(String camera) {
        CameraRemoveCommand remove = new CameraRemoveCommand();
        remove.camera = camera;
        return remove;
    }

    private static CameraAddCommand add(String name, String url) {
        CameraAddCommand add = new CameraAddCommand();
        add.name = name;
        add.url = url;
        return add;
    }

    @Test
    void aRolloutIsToldAndFailsWhenTheCamerasWentBack() throws Exception {
        Camera gate = registry.add("Gate");
        List<DriverRollouts.Order> orders = new ArrayList<>();
        AtomicReference<DriverRollout.Phase> phase = new AtomicReference<>(DriverRollout.Phase.CANARY);
        console.with(DriverRollouts.class, new DriverRollouts() {
            @Override
            public void keepServing(String driver) {
                throw new UnsupportedOperationException();
            }

            @Override
            public DriverRollout begin(Order order) {
                orders.add(order);
                return report();
            }

            @Override
            public DriverRollout giveUp(String driver) {
                throw new IllegalStateException("No rollout of the driver " + driver + " is under way");
            }

            @Override
            public Optional<DriverRollout> rollout(String driver) {
                return Optional.of(report());
            }

            private DriverRollout report() {
                return new DriverRollout(
                        "rtsp",
                        "1.0.0",
                        "2.0.0",
                        Optional.of(gate.id()),
                        phase.get(),
                        Instant.EPOCH,
                        Instant.EPOCH,
                        "No pictures.",
                        List.of("Camera Gate: no pictures arrive"));
            }
        });
        DriverRolloutCommand command = new DriverRolloutCommand();
        command.driver = "rtsp";
        assertThat(console.run(command)).contains("rtsp 1.0.0 -> 2.0.0: canary. No pictures.", "Camera Gate:");

        command.version = "2.0.0";
        command.canary = "gate";
        command.soakSeconds = 30;
        console.run(command);
        assertThat(orders).containsExactly(new DriverRollouts.Order("rtsp", "2.0.0", Optional.of(gate.id()), 30));
        phase.set(DriverRollout.Phase.ROLLED_BACK);
        command.wait = true;
        assertThatThrownBy(() -> console.run(command))
                .isInstanceOf(CommandException.class)
                .hasMessage("The cameras are back at version 1.0.0: No pictures.");
        command.giveUp = true;
        assertThatThrownBy(() -> console.run(command))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("is under way.");
    }

    /** A camera with one setting and one action, and a card. */
    private static final class Device implements Imaging, EdgeRecordings {
        final List<String> told = new ArrayList<>();

        @Override
        public List<DriverSetting> settings() {
            return List.of(DriverSetting.integer(BRIGHTNESS, Wording.of("Brightness"), 0, 100));
        }

        @Override
        public List<Action> actions() {
            return List.of(new Action(WIPE, Wording.of("Wipe")));
        }

        @Override
        public Map<String, String> values() {
            return Map.of(BRIGHTNESS, "50");
        }

        @Override
        public void change(Map<String, String> changes) {
            told.add("change " + changes);
        }

        @Override
        public void perform(String action) {
            told.add("perform " + action);
        }

        @Override
        public List<Recording> recordings(Instant from, Instant to) {
            return List.of(new Recording("r1", Instant.parse("2026-01-01T10:00:00Z"), Optional.empty()));
        }

        @Override
        public Download fetch(String id, Instant from, Instant to) {
            throw new UnsupportedOperationException("the platform fetches");
        }
    }

    private Console controlling(Device device) {
        return console.with(CameraControl.class, (CameraControl) Proxy.newProxyInstance(
                CameraCommandsTest.class.getClassLoader(),
                new Class<?>[] {CameraControl.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "ask" -> ask((CameraControl.Question<?, ?>) arguments[2], device);
                    case "fetch" ->
                        new EdgeMedia("video/mp4", new ByteArrayInputStream((arguments[1] + "!").getBytes()));
                    default -> throw new UnsupportedOperationException(method.getName());
                }));
    }

    @SuppressWarnings("unchecked")
    private static Object ask(CameraControl.Question<?, ?> question, Device device) throws DriverException {
        return ((CameraControl.Question<Capability, Object>) question).ask(device);
    }

    @Test
    void thePictureIsShownAndSetWithinItsRange() throws Exception {
        console.run(add("Gate", "rtsp://cam/1"));
        Device device = new Device();
        CameraImageCommand image = new CameraImageCommand();
        image.camera = "Gate";
        assertThat(controlling(device).run(image)).contains("brightness", "50", "0..100", "Actions: wipe");
        assertThat(device.told).isEmpty();
        image.changes = List.of("brightness=60", "wipe");
        controlling(device).run(image);
        assertThat(device.told).containsExactly("change {brightness=60}", "perform wipe");
        image.changes = List.of("brightness=101", "dance");
        assertThatThrownBy(() -> controlling(device).run(image))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("0..100", "dance is no action");
        assertThat(device.told).hasSize(2);
    }

    @Test
    void whatACameraHasRecordedIsListedAndFetchedIntoAFile() throws Exception {
        console.run(add("Gate", "rtsp://cam/1"));
        EdgeRecordingsCommand recordings = new EdgeRecordingsCommand();
        recordings.camera = "Gate";
        assertThat(controlling(new Device()).run(recordings)).contains("r1", "still recording");
        recordings.recording = "r1";
        assertThatThrownBy(() -> controlling(new Device()).run(recordings)).hasMessageContaining("belong together");
        recordings.file = folder.resolve("r1.mp4").toString();
        assertThat(controlling(new Device()).run(recordings)).contains("3 bytes (video/mp4)");
        assertThat(Path.of(recordings.file)).hasContent("r1!");
        recordings.to = "2026-01-01T10:00:00Z";
        recordings.from = "2026-01-01T10:00:00Z";
        assertThatThrownBy(() -> controlling(new Device()).run(recordings)).hasMessageContaining("after --from");
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.ArchiveKeys;
import org.nxvms.platform.api.archive.ArchiveMaintenance;
import org.nxvms.platform.api.archive.ArchiveMaintenance.VolumeChunks;
import org.nxvms.platform.api.archive.Coverage;
import org.nxvms.platform.api.archive.FootageKeys;
import org.nxvms.platform.api.archive.VolumeAdmin;
import org.nxvms.platform.api.archive.VolumeMoves;
import org.nxvms.platform.api.archive.VolumeSettings;
import org.nxvms.platform.api.archive.VolumeUsage;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.integration.Connection;
import org.nxvms.platform.api.integration.Integration;
import org.nxvms.platform.api.recording.Recorder;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.UserDirectory;

/** Users, status and the archive by commands. */
class ServerCommandsTest {
    private final Console console = new Console();

    @Test
    void usersAreAddedAndGivenPasswordsThatNobodySees() throws Exception {
        List<String> calls = new ArrayList<>();
        console.with(UserDirectory.class, directory(calls));
        UserAddCommand add = new UserAddCommand();
        add.username = "olga";
        add.role = "operator";
        UserPasswordCommand password = new UserPasswordCommand();
        password.username = "Olga";
        password.mustChange = true;

        String printed = console.typing("geheim1234").run(add) + console.run(password);

        assertThat(calls).containsExactly("add olga geheim1234 operator false", "password Olga geheim1234 true");
        assertThat(printed).contains("Added olga as operator", "is set").doesNotContain("geheim1234");
    }

    @Test
    void whatTheDirectoryRefusesIsSaid() {
        List<String> calls = new ArrayList<>();
        console.with(UserDirectory.class, directory(calls));
        UserAddCommand add = new UserAddCommand();
        add.username = "olga";
        add.role = "king";
        assertThatThrownBy(() -> console.typing("geheim1234").run(add))
                .isInstanceOf(CommandException.class)
                .hasMessage("There is no role king.");
        UserPasswordCommand ghost = new UserPasswordCommand();
        ghost.username = "ghost";
        assertThatThrownBy(() -> console.run(ghost)).hasMessageContaining("There is no user \"ghost\"");
        assertThatThrownBy(() -> console.typing("").run(add)).hasMessageContaining("No password was given");
        assertThat(calls).isEmpty();
    }

    private static UserDirectory directory(List<String> calls) {
        return new UserDirectory() {
            @Override
            public List<User> list() {
                return List.of(new User(new UUID(0, 1), "olga", "operator", false, false));
            }

            @Override
            public User add(String username, String password, String role, boolean mustChangePassword) {
                if (role.equals("king")) {
                    throw new IllegalArgumentException("There is no role king.");
                }
                calls.add("add " + username + " " + password + " " + role + " " + mustChangePassword);
                return new User(new UUID(0, 2), username, role, mustChangePassword, false);
            }

            @Override
            public User change(UUID id, Optional<User> seen, UserChange change) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void setPassword(String username, String password, boolean mustChangePassword) {
                calls.add("password " + username + " " + password + " " + mustChangePassword);
            }

            @Override
            public void remove(UUID id, Optional<User> seen) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Test
    void statusFailsWhileAPartIsMissing() {
        assertThatThrownBy(() -> console.run(new StatusCommand()))
                .isInstanceOf(CommandException.class)
                .hasMessage("Down: archive, cameras, database, ingest, recorder, security.");
    }

    @Test
    void statusShowsPartsCamerasAndVolumes() throws Exception {
        FakeRegistry registry = new FakeRegistry();
        registry.add("Gate");
        console.with(CameraRegistry.class, registry)
                .with(Archive.class, Console.proxy(Archive.class, (name, arguments) -> List.of(volume())))
                .with(StreamIngest.class, Console.proxy(StreamIngest.class, (name, arguments) -> List.of()))
                .with(Recorder.class, Console.proxy(Recorder.class, (name, arguments) -> List.of()))
                .with(AccessGuard.class, Console.proxy(AccessGuard.class, (name, arguments) -> null))
                .with(HealthCheck.class, database(HealthCheck.Result.up()));

        assertThat(console.run(new StatusCommand()))
                .containsPattern("database +[|│] up")
                .containsPattern("recorder +[|│] up")
                .contains("Cameras: {offline=1}", "main", "/data/archive", "12.3");

        console.with(HealthCheck.class, database(HealthCheck.Result.down("No writes.")));
        assertThatThrownBy(() -> console.run(new StatusCommand())).hasMessage("Down: database.");
    }

    @Test
    void integrationsAreListedWithWhatArrivedAndWhatWaits() throws Exception {
        assertThat(console.run(new IntegrationsCommand())).contains("feature:install nxvms-integration-webhook");
        Connection soc = new Connection(
                "soc",
                Connection.State.FAILING,
                "The endpoint answers 503.",
                new Connection.Figures(41, 7, 3, 12),
                Optional.of(Instant.parse("2026-11-26T12:00:01Z")),
                Optional.empty());
        console.with(Integration.class, new Integration() {
            @Override
            public String name() {
                return "webhook";
            }

            @Override
            public List<Connection> connections() {
                return List.of(soc);
            }
        });
        assertThat(console.run(new IntegrationsCommand()))
                .containsPattern(
                        "webhook +[|│] soc +[|│] failing +[|│] +41 +[|│] +7 +[|│] +3 +[|│] +12 +[|│] 2026-11-26T12:00:01Z +[|│] - ")
                .contains("The endpoint answers 503.");
    }

    @Test
    void volumesAreListedWithTheirRoleAndWhatLeavesThem() throws Exception {
        console.with(Archive.class, Console.proxy(Archive.class, (name, arguments) -> List.of(volume())));
        assertThat(console.run(new VolumesCommand())).contains("main", "ready", "record", "12.3", "/data/archive");

        Retired admin = new Retired();
        console.with(VolumeAdmin.class, admin);
        console.with(
                VolumeMoves.class,
                () -> List.of(new VolumeMoves.Move(
                        "main", VolumeMoves.Reason.RETIRED, 7, 2_000_000_000L, 3, 5, "no other volume has room")));
        VolumeRetireCommand retire = new VolumeRetireCommand();
        retire.volume = "main";
        assertThat(console.run(retire)).contains("is being emptied");
        assertThat(console.run(new VolumesCommand()))
                .contains("retired", "7 chunks (2.0) left, 3 moved: no other volume has room", "5.0");

        retire.cancel = true;
        assertThat(console.run(retire)).contains("in use again");
        assertThat(admin.retired).isEmpty();
        retire.volume = "ghost";
        assertThatThrownBy(() -> console.run(retire))
                .isInstanceOf(CommandException.class)
                .hasMessage("There is no volume ghost.");
    }

    /** One volume that can be retired. */
    private static final class Retired implements VolumeAdmin {
        private final Set<String> retired = new TreeSet<>();

        @Override
        public Map<String, VolumeSettings.Limits> volumes() {
            return Map.of("main", new VolumeSettings.Limits(-1, 5, 5_000_000_000L, 100));
        }

        @Override
        public Set<String> retired() {
            return retired;
        }

        @Override
        public void retire(String name, boolean wanted) {
            if (!volumes().containsKey(name)) {
                throw new NoSuchResourceException("There is no volume " + name);
            }
            if (wanted) {
                retired.add(name);
            } else {
                retired.remove(name);
            }
        }

        @Override
        public void add(VolumeSettings settings) {
            throw new AssertionError("nobody asked for it");
        }

        @Override
        public void change(String name, VolumeSettings.Limits limits) {
            throw new AssertionError("nobody asked for it");
        }

        @Override
        public void remove(String name) {
            throw new AssertionError("nobody asked for it");
        }
    }

    private static VolumeUsage volume() {
        return new VolumeUsage(
                new UUID(0, 1), "main", "file", "/data/archive", "ready", "", 1, 12_340_000_000L, 1, -1, 1);
    }

    private static HealthCheck database(HealthCheck.Result result) {
        return new HealthCheck() {
            @Override
            public String name() {
                return "database";
            }

            @Override
            public Result check() {
                return result;
            }
        };
    }

    @Test
    void anArchiveThatDoesNotAgreeFailsTheCheck() throws Exception {
        console.with(ArchiveMaintenance.class, maintenance(Map.of(), 0, null));
        assertThat(console.run(new ArchiveCheckCommand()))
                .contains("10 chunks, 5 MB, 2 gaps", "agree")
                .contains("volume vault: 7 chunks encrypted, 3 in the clear")
                .contains("4 chunks were not looked at");

        console.with(ArchiveMaintenance.class, maintenance(Map.of("file without a row", 3L), 3, null));
        assertThatThrownBy(() -> console.run(new ArchiveCheckCommand()))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("nxvms:archive-rebuild");
        assertThat(console.run(new ArchiveRebuildCommand())).contains("file without a row", "3 of 3 put right");

        console.with(ArchiveMaintenance.class, maintenance(Map.of("file without a row", 3L), 1, null));
        assertThatThrownBy(() -> console.run(new ArchiveRebuildCommand())).hasMessageContaining("2 problems are left");
    }

    @Test
    void aBusyArchiveOrAFailingDatabaseIsSaid() {
        console.with(ArchiveMaintenance.class, maintenance(Map.of(), 0, new IllegalStateException("A check runs.")));
        assertThatThrownBy(() -> console.run(new ArchiveRebuildCommand()))
                .isInstanceOf(CommandException.class)
                .hasMessage("A check runs.");
        console.with(ArchiveMaintenance.class, maintenance(Map.of(), 0, new StoreException("No database.", null)));
        assertThatThrownBy(() -> console.run(new ArchiveCheckCommand()))
                .isInstanceOf(CommandException.class)
                .hasMessage("No database.");
    }

    private static ArchiveMaintenance maintenance(Map<String, Long> problems, long repaired, RuntimeException failure) {
        return new ArchiveMaintenance() {
            @Override
            public Report check(boolean verifyHashes, Consumer<Progress> progress) {
                return report(progress);
            }

            @Override
            public Report rebuild(Consumer<Progress> progress) {
                return report(progress);
            }

            private Report report(Consumer<Progress> progress) {
                progress.accept(new Progress("main", 1, 0));
                if (failure != null) {
                    throw failure;
                }
                return new Report(
                        10, 5_000_000, 2, problems, List.of(), repaired, List.of(new VolumeChunks("vault", 7, 3)), 4);
            }
        };
    }

    @Test
    void coverageIsATableOfDaysWithCauses() throws Exception {
        FakeRegistry registry = new FakeRegistry();
        Camera gate = registry.add("Gate");
        Coverage.Day day = new Coverage.Day(
                Optional.of("2026-11-22"),
                86_400_000,
                86_340_000,
                OptionalDouble.of(99.93),
                List.of(new Coverage.Missing("camera_unreachable", 60_000)));
        List<StreamId> asked = new ArrayList<>();
        console.with(CameraRegistry.class, registry);
        console.with(Coverage.class, (stream, fromUs, toUs, zone) -> {
            asked.add(stream);
            return new Coverage.Report(day, List.of(day));
        });
        CoverageCommand command = new CoverageCommand();
        command.camera = "gate";
        assertThat(console.run(command))
                .contains("2026-11-22", "99.93", "23:59:00", "camera_unreachable 0:01:00", "all");
        assertThat(asked).containsExactly(StreamId.main(gate.id()), StreamId.sub(gate.id()));
        command.days = 401;
        assertThatThrownBy(() -> console.run(command)).hasMessageContaining("--days must be 1 to 400");
    }

    @Test
    void keysAreListedAndRotated() throws Exception {
        List<ArchiveKeys.Key> keys = new ArrayList<>(List.of(new ArchiveKeys.Key("aa11", "pem", true)));
        console.with(ArchiveKeys.class, new ArchiveKeys() {
            @Override
            public List<Key> keys() {
                return keys;
            }

            @Override
            public Key rotate() {
                keys.set(0, new Key("aa11", "pem", false));
                keys.add(new Key("bb22", "pem", true));
                return keys.get(1);
            }
        });
        ArchiveKeysCommand command = new ArchiveKeysCommand();
        assertThat(console.run(command)).contains("aa11").doesNotContain("bb22");
        command.rotate = true;
        assertThat(console.run(command)).contains("signed by bb22 from now on").contains("aa11");
    }

    @Test
    void footageKeysAreListedRotatedAndGivenOutForOneSegmentOnly() throws Exception {
        UUID segment = new UUID(7, 7);
        List<FootageKeys.Key> keys = new ArrayList<>();
        console.with(FootageKeys.class, new FootageKeys() {
            @Override
            public List<Key> keys() {
                return keys;
            }

            @Override
            public Key rotate() {
                keys.add(new Key("cc33", Instant.EPOCH, true));
                return keys.get(0);
            }

            @Override
            public byte[] segmentKey(UUID id) throws IOException {
                if (!id.equals(segment)) {
                    throw new NoSuchFileException(id.toString());
                }
                return new byte[] {0x5a, 0x5b};
            }
        });
        FootageKeysCommand command = new FootageKeysCommand();
        assertThat(console.run(command)).contains("There is no key yet");
        command.rotate = true;
        assertThat(console.run(command)).contains("are encrypted by cc33", "1970-01-01T00:00:00Z", "now");

        command.segment = segment.toString();
        assertThat(console.run(command).strip()).isEqualTo("5a5b");
        command.segment = new UUID(7, 8).toString();
        assertThatThrownBy(() -> console.run(command)).hasMessageContaining("There is no segment");
        command.segment = "seven";
        assertThatThrownBy(() -> console.run(command)).isInstanceOf(CommandException.class);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.ArchiveMaintenance;
import org.nxvms.platform.api.archive.VolumeUsage;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.ingest.StreamIngest;
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
                return List.of(new User(new UUID(0, 1), "olga", "operator", false));
            }

            @Override
            public User add(String username, String password, String role, boolean mustChangePassword) {
                if (role.equals("king")) {
                    throw new IllegalArgumentException("There is no role king.");
                }
                calls.add("add " + username + " " + password + " " + role + " " + mustChangePassword);
                return new User(new UUID(0, 2), username, role, mustChangePassword);
            }

            @Override
            public void setPassword(String username, String password, boolean mustChangePassword) {
                calls.add("password " + username + " " + password + " " + mustChangePassword);
            }

            @Override
            public void remove(String username) {
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
        assertThat(console.run(new ArchiveCheckCommand())).contains("10 chunks, 5 MB, 2 gaps", "agree");

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
                return new Report(10, 5_000_000, 2, problems, List.of(), repaired);
            }
        };
    }
}

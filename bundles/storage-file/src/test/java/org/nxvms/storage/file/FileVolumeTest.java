// SPDX-License-Identifier: Apache-2.0
package org.nxvms.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.storage.spi.Volume;
import org.nxvms.storage.spi.VolumeFile;
import org.nxvms.storage.spi.VolumeReadable;

/** A folder becomes a volume once, is recognised ever after, and is never mistaken for another. */
class FileVolumeTest {
    private static final UUID SERVER = UUID.randomUUID();

    @TempDir
    Path folder;

    private final List<FileVolume> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(FileVolume::close);
    }

    private FileVolume volume(Path root, boolean create, UUID server, String memory) {
        FileVolume volume = new FileVolume(
                new FileVolume.Settings("main", root, -1, 5, -1, create, server, folder.resolve(memory)));
        volume.checkNow();
        open.add(volume);
        return volume;
    }

    private FileVolume volume(boolean create) {
        return volume(root(), create, SERVER, "memory");
    }

    private Path root() {
        return folder.resolve("disk");
    }

    private static ByteBuffer[] bytes(String... parts) {
        ByteBuffer[] buffers = new ByteBuffer[parts.length];
        for (int i = 0; i < parts.length; i++) {
            buffers[i] = ByteBuffer.wrap(parts[i].getBytes(StandardCharsets.US_ASCII));
        }
        return buffers;
    }

    private static void put(Volume volume, String path, String text) throws IOException {
        try (VolumeFile file = volume.create(path)) {
            file.write(bytes(text), 0, 1);
            file.force();
            file.forceDirectory();
        }
    }

    @Test
    void anEmptyFolderBecomesAVolumeAndKeepsItsIdentity() throws Exception {
        Files.createDirectories(root().resolve("lost+found"));
        FileVolume first = volume(false);
        assertThat(first.status()).as(first.statusDetail()).isEqualTo(Volume.Status.READY);
        VolumeIdentity identity = VolumeIdentity.read(root());
        assertThat(identity.volumeId()).isEqualTo(first.id());
        assertThat(identity.serverId()).isEqualTo(SERVER);
        first.close();

        assertThat(volume(false).id()).isEqualTo(identity.volumeId());
        assertThat(VolumeIdentity.read(root())).isEqualTo(identity);
    }

    @Test
    void aMissingFolderIsMadeOnlyWhenAsked() {
        FileVolume waiting = volume(false);
        assertThat(waiting.status()).isEqualTo(Volume.Status.ABSENT);
        assertThat(waiting.statusDetail()).contains("make the folder or mount the disk");
        waiting.close();
        assertThat(volume(true).status()).isEqualTo(Volume.Status.READY);
    }

    @Test
    void aFolderWithOtherFilesIsLeftAloneUnlessAsked() throws Exception {
        Files.createDirectories(root());
        Files.writeString(root().resolve("holiday.jpg"), "x");
        FileVolume refused = volume(false);
        assertThat(refused.status()).isEqualTo(Volume.Status.ABSENT);
        assertThat(refused.statusDetail()).contains("not empty").contains("create=true");
        assertThat(root()).isDirectoryContaining(file -> file.endsWith("holiday.jpg"));
        assertThat(root().resolve(VolumeIdentity.FILE_NAME)).doesNotExist();
        refused.close();
        assertThat(volume(true).status()).isEqualTo(Volume.Status.READY);
    }

    @Test
    void theEmptyMountPointOfAnInitialisedVolumeIsNeverWritten() throws Exception {
        FileVolume volume = volume(true);
        put(volume, "a/b.mp4", "footage");
        Files.move(root(), folder.resolve("unplugged"));
        Files.createDirectory(root());

        // Before the next check notices, writing notices by itself.
        assertThatThrownBy(() -> volume.create("c.mp4")).hasMessageContaining("mount its disk");
        volume.checkNow();
        assertThat(volume.status()).isEqualTo(Volume.Status.ABSENT);
        assertThatThrownBy(() -> volume.create("c.mp4")).hasMessageContaining("volume main");
        assertThatThrownBy(volume::space).isInstanceOf(IOException.class);
        assertThat(root()).isEmptyDirectory();

        Files.delete(root());
        Files.move(folder.resolve("unplugged"), root());
        volume.checkNow();
        assertThat(volume.status()).isEqualTo(Volume.Status.READY);
        put(volume, "c.mp4", "more");
    }

    @Test
    void anotherVolumeInItsPlaceIsSeenAndNotWritten() throws Exception {
        UUID expected = volume(true).id();
        FileVolume other = volume(folder.resolve("other"), true, SERVER, "other-memory");
        Files.move(root(), folder.resolve("away"));
        Files.move(folder.resolve("other"), root());
        FileVolume volume = open.get(0);

        volume.checkNow();
        assertThat(volume.status()).isEqualTo(Volume.Status.WRONG_IDENTITY);
        assertThat(volume.statusDetail())
                .contains(other.id().toString())
                .contains(expected.toString())
                .contains("mount the right disk");
        assertThatThrownBy(() -> volume.append("journal/x"))
                .hasMessageContaining(other.id().toString());
    }

    @Test
    void theVolumeOfAnotherServerIsLeftAlone() {
        volume(true);
        FileVolume stranger = volume(root(), true, UUID.randomUUID(), "stranger");
        assertThat(stranger.status()).isEqualTo(Volume.Status.WRONG_IDENTITY);
        assertThat(stranger.statusDetail()).contains("another server").contains(SERVER.toString());
    }

    @Test
    void aServerThatForgotItsVolumesKnowsThemByTheirServerId() throws Exception {
        UUID id = volume(true).id();
        assertThat(volume(root(), false, SERVER, "empty-memory").id()).isEqualTo(id);
    }

    @Test
    void aDamagedOrNewerIdentityIsNotOverwritten() throws Exception {
        volume(true);
        Path file = root().resolve(VolumeIdentity.FILE_NAME);
        String sound = Files.readString(file);
        for (String damage : List.of(
                "",
                "{}",
                sound.replace("\"formatVersion\": 1", "\"formatVersion\": 2"),
                sound.substring(0, 60),
                "x".repeat(5000))) {
            Files.writeString(file, damage);
            open.get(0).checkNow();
            assertThat(open.get(0).status()).isEqualTo(Volume.Status.FAILING);
            assertThat(open.get(0).statusDetail()).contains(VolumeIdentity.FILE_NAME);
            assertThatThrownBy(() -> open.get(0).create("x.mp4")).isInstanceOf(IOException.class);
            assertThat(file).hasContent(damage);
        }
        Files.writeString(file, sound);
        open.get(0).checkNow();
        assertThat(open.get(0).status()).isEqualTo(Volume.Status.READY);
    }

    @Test
    void bytesAreAppendedInOrderAndReadByPosition() throws Exception {
        FileVolume volume = volume(true);
        try (VolumeFile file = volume.create("a/b/c.mp4")) {
            file.write(bytes("skipped", "one", "two", "skipped"), 1, 2);
            assertThat(file.position()).isEqualTo(6);
            assertThatThrownBy(() -> volume.create("a/b/c.mp4")).isInstanceOf(FileAlreadyExistsException.class);
            file.write(bytes("torn"), 0, 1);
            file.truncate(6);
            file.write(bytes("three"), 0, 1);
        }
        try (VolumeFile file = volume.append("a/b/c.mp4")) {
            assertThat(file.position()).isEqualTo(11);
            file.write(bytes("!"), 0, 1);
        }
        try (VolumeReadable file = volume.read("a/b/c.mp4")) {
            assertThat(file.size()).isEqualTo(12);
            ByteBuffer target = ByteBuffer.allocate(5);
            assertThat(file.read(target, 6)).isEqualTo(5);
            assertThat(new String(target.array(), StandardCharsets.US_ASCII)).isEqualTo("three");
            assertThat(file.read(target.clear(), 12)).isEqualTo(-1);
        }
        assertThatThrownBy(() -> volume.read("a/none.mp4")).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void moreBuffersThanOneSystemCallTakesAreAllWritten() throws Exception {
        FileVolume volume = volume(true);
        String[] parts = new String[3000];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = i % 3 == 0 ? "" : "part" + i + ";";
        }
        try (VolumeFile file = volume.create("many")) {
            file.write(bytes(parts), 0, parts.length);
        }
        assertThat(root().resolve("many")).hasContent(String.join("", parts));
    }

    @Test
    void deletingRemovesFoldersThatBecomeEmptyAndNoOthers() throws Exception {
        FileVolume volume = volume(true);
        put(volume, "cam/main/2026/11/22/15/x.mp4", "x");
        put(volume, "cam/main/2026/11/23/00/y.mp4", "y");
        assertThat(volume.delete("cam/main/2026/11/22/15/x.mp4")).isTrue();
        assertThat(volume.delete("cam/main/2026/11/22/15/x.mp4")).isFalse();
        assertThat(root().resolve("cam/main/2026/11/22")).doesNotExist();
        assertThat(root().resolve("cam/main/2026/11/23/00/y.mp4")).exists();
        volume.delete("cam/main/2026/11/23/00/y.mp4");
        assertThat(root().resolve("cam")).doesNotExist();
        assertThat(volume.status()).isEqualTo(Volume.Status.READY);
    }

    @Test
    void aListIsInPathOrderAndCanBeLeftEarly() throws Exception {
        FileVolume volume = volume(true);
        for (String path : List.of("b/2", "a/10", "a/2", "a/b/c", "c")) {
            put(volume, path, path);
        }
        Files.writeString(root().resolve("not ours"), "a blank in the name");
        List<String> seen = new ArrayList<>();
        volume.list("", entry -> seen.add(entry.path()));
        assertThat(seen).containsExactly("a/10", "a/2", "a/b/c", "b/2", "c", VolumeIdentity.FILE_NAME);
        seen.clear();
        volume.list("a", entry -> {
            seen.add(entry.path() + "=" + entry.sizeBytes());
            return seen.size() < 2;
        });
        assertThat(seen).containsExactly("a/10=4", "a/2=3");
        volume.list("none", entry -> {
            throw new AssertionError("nothing is there");
        });
    }

    @Test
    void noPathLeavesTheVolume() {
        FileVolume volume = volume(true);
        for (String path : List.of(
                "",
                "/",
                "/etc/passwd",
                "..",
                "../x",
                "a/../../x",
                "a//b",
                "a/",
                "a b",
                "a\\b",
                "a\u0000",
                ".",
                "a/./b",
                "x".repeat(256),
                "a/".repeat(300) + "a")) {
            assertThatThrownBy(() -> volume.create(path)).as(path).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> volume.append(path)).as(path).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> volume.read(path)).as(path).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> volume.delete(path)).as(path).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theReserveIsTheSmallerOfFivePercentAndTwoGibibytes() throws Exception {
        FileVolume volume = volume(true);
        long total = volume.space().totalBytes();
        assertThat(volume.space().reserveBytes()).isEqualTo(Math.min(total / 100 * 5, 2L << 30));
        assertThat(volume.quotaBytes()).isEmpty();
    }

    @Test
    void aFailedWriteTakesTheVolumeOutUntilATrialWriteWorks() throws Exception {
        FileVolume volume = volume(true);
        Files.writeString(root().resolve("journal"), "a file where a folder should be");
        assertThatThrownBy(() -> volume.create("journal/x")).isInstanceOf(IOException.class);
        volume.checkNow();
        assertThat(volume.status()).as("the trial write works").isEqualTo(Volume.Status.READY);
        assertThat(root().resolve(".nxvms-probe")).doesNotExist();

        Files.createDirectories(root().resolve(".nxvms-probe.new/blocks"));
        assertThatThrownBy(() -> volume.create("journal/x")).isInstanceOf(IOException.class);
        volume.checkNow();
        assertThat(volume.status()).isEqualTo(Volume.Status.FAILING);
        assertThat(volume.statusDetail()).contains("fails to write").contains("check the disk");

        Files.delete(root().resolve(".nxvms-probe.new/blocks"));
        Files.delete(root().resolve(".nxvms-probe.new"));
        volume.checkNow();
        assertThat(volume.status()).isEqualTo(Volume.Status.READY);
        assertThat(volume.statusDetail()).isEmpty();
    }

    @Test
    void wrongSettingsAreNamed() {
        assertThatThrownBy(() -> settings("Bad Name", root(), -1, -1)).hasMessageContaining("nxvms.volume.name");
        assertThatThrownBy(() -> settings("main", Path.of("relative"), -1, -1)).hasMessageContaining("absolute");
        assertThatThrownBy(() -> settings("main", root(), -2, -1)).hasMessageContaining("reserveBytes");
        assertThatThrownBy(() -> settings("main", root(), 0, 0)).hasMessageContaining("quotaBytes");
    }

    private FileVolume.Settings settings(String name, Path root, long reserve, long quota) {
        return new FileVolume.Settings(name, root, reserve, 5, quota, false, SERVER, folder);
    }
}

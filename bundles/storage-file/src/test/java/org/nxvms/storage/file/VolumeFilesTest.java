// SPDX-License-Identifier: Apache-2.0
package org.nxvms.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.platform.api.archive.VolumeSettings;
import org.nxvms.platform.api.archive.VolumeSettings.Limits;

/** Configuration files of volumes, as people and the server write them side by side. */
class VolumeFilesTest {
    private static final String BY_HAND =
            """
            # The first volume, see the handbook
            nxvms.volume.name = main
            path = ${env:NXVMS_DATA}/archive
            quotaBytes=5000000000
            """;

    @TempDir
    Path etc;

    @TempDir
    Path memory;

    private VolumeFiles volumes;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(etc.resolve("org.nxvms.storage.file-first.cfg"), BY_HAND);
        Files.writeString(etc.resolve("org.nxvms.recorder.cfg"), "tickMs = 20");
        volumes = new VolumeFiles(etc, memory, key -> key.equals("karaf.data") ? "/var/lib/nxvms" : null);
    }

    private static VolumeSettings second() {
        return new VolumeSettings("second", "/mnt/disk 2/nxvms", true, new Limits(1 << 30, 5, -1, 300));
    }

    @Test
    void whatStandsInFilesIsTold() {
        assertThat(volumes.volumes()).hasSize(1).containsEntry("main", new Limits(-1, 5, 5_000_000_000L, 100));
    }

    @Test
    void anAddedVolumeIsAFileThatTheComponentUnderstands() throws IOException {
        volumes.add(second());
        assertThat(Files.readAllLines(etc.resolve("org.nxvms.storage.file-second.cfg")))
                .contains(
                        "nxvms.volume.name = second",
                        "path = /mnt/disk 2/nxvms",
                        "create = true",
                        "reserveBytes = 1073741824",
                        "weight = 300");
        assertThat(volumes.volumes()).containsOnlyKeys("main", "second");
        assertThatThrownBy(() -> volumes.add(second()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("there is a volume second already");
    }

    @Test
    void aChangeLeavesWhatPeopleWroteAlone() throws IOException {
        volumes.change("main", new Limits(-1, 7, -1, 50));
        assertThat(Files.readAllLines(etc.resolve("org.nxvms.storage.file-first.cfg")))
                .containsExactly(
                        "# The first volume, see the handbook",
                        "nxvms.volume.name = main",
                        "path = ${env:NXVMS_DATA}/archive",
                        "quotaBytes = -1",
                        "reserveBytes = -1",
                        "reservePercent = 7",
                        "weight = 50",
                        "encryption = none",
                        "retentionDaysMin = 0",
                        "retentionDaysMax = -1");
        assertThat(volumes.volumes()).containsEntry("main", new Limits(-1, 7, -1, 50));
        assertThatThrownBy(() -> volumes.change("other", Limits.DEFAULT)).isInstanceOf(NoSuchResourceException.class);
    }

    @Test
    void aFileThatPeopleSpoiltTakesNoOtherWithIt() throws IOException {
        Files.writeString(etc.resolve("org.nxvms.storage.file-bad.cfg"), "nxvms.volume.name = bad\npath = \\u12");
        Files.writeString(etc.resolve("org.nxvms.storage.file-big.cfg"), "x".repeat(100_000));
        Files.write(etc.resolve("org.nxvms.storage.file-text.cfg"), new byte[] {(byte) 0xff, (byte) 0xfe});
        Files.writeString(
                etc.resolve("org.nxvms.storage.file-words.cfg"),
                "nxvms.volume.name = words\npath = /mnt/words\nquotaBytes = 5 GB");
        assertThat(volumes.volumes()).containsOnlyKeys("main");
        volumes.add(second());
        volumes.change("second", Limits.DEFAULT);
        assertThat(volumes.volumes()).containsOnlyKeys("main", "second");
        assertThat(volumes.folders()).containsEntry("words", "/mnt/words");
        volumes.change("words", Limits.DEFAULT);
        assertThat(volumes.volumes()).as("put right by a change").containsOnlyKeys("main", "second", "words");
    }

    @Test
    void foldersAreToldAsTheFrameworkUnderstandsThem() throws IOException {
        Files.writeString(
                etc.resolve("org.nxvms.storage.file-third.cfg"),
                "nxvms.volume.name = third\npath = ${karaf.data}/third/${unknown}");
        assertThat(volumes.folders()).containsEntry("third", "/var/lib/nxvms/third/${unknown}");
    }

    @Test
    void aVolumeIsRetiredByOneLineAndTakenBack() throws IOException {
        assertThatThrownBy(() -> volumes.retire("main", true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("add another first");
        volumes.add(second());
        volumes.retire("main", true);
        volumes.retire("main", true);
        assertThat(volumes.retired()).containsExactly("main");
        assertThat(Files.readAllLines(etc.resolve("org.nxvms.storage.file-first.cfg")))
                .endsWith("retired = true");
        assertThatThrownBy(() -> volumes.retire("second", true)).isInstanceOf(IllegalStateException.class);

        volumes.retire("main", false);
        assertThat(volumes.retired()).isEmpty();
        assertThat(Files.readAllLines(etc.resolve("org.nxvms.storage.file-first.cfg")))
                .endsWith("retired = false");
        assertThatThrownBy(() -> volumes.retire("none", true)).isInstanceOf(NoSuchResourceException.class);
    }

    @Test
    void aVolumeForCopiesIsNoneForFootage() throws IOException {
        volumes.add(new VolumeSettings(
                "safe",
                "/mnt/safe",
                false,
                new Limits(-1, 5, -1, 100, FootageEncryption.NONE, 2, 9),
                VolumeSettings.Role.BACKUP));
        assertThat(Files.readAllLines(etc.resolve("org.nxvms.storage.file-safe.cfg")))
                .contains("role = backup", "retentionDaysMin = 2", "retentionDaysMax = 9");
        assertThat(volumes.backups()).containsExactly("safe");
        assertThat(volumes.volumes()).containsEntry("safe", new Limits(-1, 5, -1, 100, FootageEncryption.NONE, 2, 9));
        assertThatThrownBy(() -> volumes.remove("main")).hasMessageContaining("the only one that takes footage");
        assertThatThrownBy(() -> volumes.retire("main", true)).hasMessageContaining("add another first");
        assertThatThrownBy(() -> volumes.retire("safe", true)).hasMessageContaining("holds copies only");
        volumes.remove("safe");
        assertThat(volumes.backups()).isEmpty();
    }

    @Test
    void theLastVolumeStays() {
        assertThatThrownBy(() -> volumes.remove("main"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("add another first");
        volumes.add(second());
        volumes.remove("main");
        assertThat(volumes.volumes()).containsOnlyKeys("second");
        assertThat(etc.resolve("org.nxvms.storage.file-first.cfg")).doesNotExist();
    }

    @Test
    void whoAVolumeIsIsKnownAlsoWhileItIsNotInUse() throws IOException {
        UUID id = UUID.randomUUID();
        Files.writeString(memory.resolve("main.id"), id + "\n");
        volumes.add(second());
        assertThat(volumes.identity("main")).contains(id);
        assertThat(volumes.identity("second")).as("never initialised").isEmpty();
        assertThat(volumes.identity("third")).as("not configured").isEmpty();
        Path spoilt = Files.writeString(memory.resolve("second.id"), "the second disk");
        assertThatThrownBy(() -> volumes.identity("second"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(spoilt.toString())
                .hasMessageContaining("mount its disk");
    }

    @Test
    void theNameOfARemovedVolumeIsFreeForAnotherDisk() throws IOException {
        volumes.add(second());
        Files.writeString(memory.resolve("main.id"), "the first disk");
        Files.writeString(memory.resolve("second.id"), "the second disk");
        volumes.remove("second");
        assertThat(memory.resolve("second.id")).doesNotExist();
        assertThat(memory.resolve("main.id")).exists();
    }

    @Test
    void whatCannotWorkIsRefusedWithItsFieldFirst() {
        assertThatThrownBy(() -> new VolumeSettings("Big Disk", "/mnt/x", false, Limits.DEFAULT))
                .hasMessageStartingWith("name must be");
        for (String path : new String[] {"relative", "/", "/a/../b", "/a\nb", "/${env:HOME}", "/a\\b", "/a/."}) {
            assertThatThrownBy(() -> new VolumeSettings("x", path, false, Limits.DEFAULT))
                    .as(path)
                    .hasMessageStartingWith("path must be");
        }
        assertThatThrownBy(() -> new Limits(-2, 5, -1, 100)).hasMessageStartingWith("reserveBytes must be");
        assertThatThrownBy(() -> new Limits(-1, 91, -1, 100)).hasMessageStartingWith("reservePercent must be");
        assertThatThrownBy(() -> new Limits(-1, 5, 0, 100)).hasMessageStartingWith("quotaBytes must be");
        assertThatThrownBy(() -> new Limits(-1, 5, -1, 1001)).hasMessageStartingWith("weight must be");
    }
}

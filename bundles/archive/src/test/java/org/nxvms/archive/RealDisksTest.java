// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.FootageSink;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.storage.file.FileVolume;
import org.nxvms.storage.spi.Volume;

/**
 * Volumes on small file systems of their own, with the kernel's own faults: full, without inodes, unmounted, exchanged. Needs
 * the right to mount; without it says so and is skipped.
 */
class RealDisksTest {
    private static final int COMMAND_S_MAX = 20;

    @TempDir
    Path folder;

    private final List<List<String>> undo = new ArrayList<>();
    private Path disk;
    private ArchiveHouse house;

    @BeforeEach
    void mayMount() throws Exception {
        disk = folder.resolve("archive");
        Files.createDirectory(disk);
        boolean may = run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString()) == 0;
        assumeTrue(may, "mounting is not allowed here; run as root, with CAP_SYS_ADMIN");
        run("umount", disk.toString());
    }

    @AfterEach
    void unmount() throws Exception {
        if (house != null) {
            house.close();
        }
        Collections.reverse(undo);
        for (List<String> command : undo) {
            run(command.toArray(String[]::new));
        }
    }

    private static int run(String... command) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException notInstalled) {
            System.err.println(notInstalled.getMessage());
            return 127;
        }
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(COMMAND_S_MAX, TimeUnit.SECONDS))
                .as(Arrays.toString(command))
                .isTrue();
        if (process.exitValue() != 0) {
            System.err.println(String.join(" ", command) + ": " + said);
        }
        return process.exitValue();
    }

    private void tmpfs(String options) throws Exception {
        assertThat(run("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk.toString()))
                .isZero();
        undo.add(List.of("umount", "-l", disk.toString()));
    }

    private static void fill(Path file, long bytes) throws IOException {
        Files.write(file, new byte[(int) bytes]);
    }

    private GapCause refusal() {
        try {
            house.archive.volumeFor(CAMERA, org.nxvms.platform.api.archive.FootageTerms.days(30));
            return null;
        } catch (FootageSink.RefusedException refused) {
            return refused.gapCause();
        }
    }

    private void isSoundUpTo(long endUs) {
        house.settled();
        List<Segment> all = house.segments(CAMERA, T0, T0 + 100 * SECOND_US);
        assertThat(all).hasSize(1);
        assertThat(all.get(0).endUs()).isEqualTo(endUs);
        assertThat(house.archive.check(true, progress -> {}).problems()).isEmpty();
    }

    @Test
    void aDiskThatFillsUpEndsTheRunAtItsLastWholeFragmentAndTakesFootageAgainWhenThereIsRoom() throws Exception {
        tmpfs("size=8m");
        house = new ArchiveHouse(folder);
        house.quiet();
        FootageSink.Run run = house.open(CAMERA, T0);
        ArchiveHouse.append(run, T0, 0, 4_000, () -> true);
        fill(disk.resolve("somebody.else"), Files.getFileStore(disk).getUsableSpace() - 250_000);
        int written = 1;
        try {
            while (written < 10) {
                ArchiveHouse.append(run, T0, written, 4_000, () -> true);
                written++;
            }
        } catch (IOException full) {
            // By the kernel, or the archive saw it coming.
            assertThat(full).hasMessageMatching("(?s).*(No space left on device|are reserved).*");
        }
        assertThat(written).as("fragments of 100 kB in 250 kB").isBetween(1, 3);
        ArchiveHouse.await(() -> refusal() == GapCause.DISK_FULL);

        Files.delete(disk.resolve("somebody.else"));
        ArchiveHouse.await(() -> refusal() == null);
        isSoundUpTo(T0 + written * SECOND_US);
        assertThat(house.record(CAMERA, T0 + 60 * SECOND_US, 1)).hasSize(1);
    }

    @Test
    void aDiskWithoutInodesIsFullThoughBytesAreFreeAndSaysWhichOfBoth() throws Exception {
        tmpfs("size=8m,nr_inodes=60");
        house = new ArchiveHouse(folder);
        house.quiet();
        FootageSink.Run run = house.open(CAMERA, T0);
        ArchiveHouse.append(run, T0, 0);
        List<Path> others = new ArrayList<>();
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        others.add(Files.createFile(disk.resolve("other" + i)));
                    }
                })
                .hasMessageContaining("No space left");
        assertThatThrownBy(() -> house.open(org.nxvms.media.StreamId.main(UUID.randomUUID()), T0))
                .isInstanceOf(FootageSink.RefusedException.class);
        house.disk.checkNow();
        assertThat(house.disk.status()).isEqualTo(Volume.Status.READ_ONLY);
        assertThat(house.disk.statusDetail()).contains("no inodes");
        assertThat(refusal()).isEqualTo(GapCause.DISK_FULL);

        run.close();
        for (Path other : others) {
            Files.delete(other);
        }
        house.disk.checkNow();
        ArchiveHouse.await(() -> refusal() == null);
        isSoundUpTo(T0 + SECOND_US);
    }

    @Test
    void aDiskUnmountedWhileItIsWrittenIsTakenUpAgainWhereItWasWhenItIsBack() throws Exception {
        String device = ext4();
        house = new ArchiveHouse(folder);
        house.quiet();
        FootageSink.Run run = house.open(CAMERA, T0);
        ArchiveHouse.append(run, T0, 0);
        assertThat(run("umount", "-l", disk.toString())).isZero();
        house.disk.checkNow();
        assertThatThrownBy(() -> ArchiveHouse.append(run, T0, 1)).hasMessageContaining("mount its disk");
        assertThat(refusal()).isEqualTo(GapCause.VOLUME_ABSENT);
        assertThat(disk).as("the folder under the mount point").isEmptyDirectory();

        assertThat(run("mount", device, disk.toString())).isZero();
        house.disk.checkNow();
        ArchiveHouse.await(() -> refusal() == null);
        isSoundUpTo(T0 + SECOND_US);
        assertThat(house.record(CAMERA, T0 + 60 * SECOND_US, 1)).hasSize(1);
    }

    /** Mounts a new ext4; {@return its device, so that it can be mounted again} */
    private String ext4() throws Exception {
        Path image = folder.resolve("disk.img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(16 << 20);
        }
        assumeTrue(run("mkfs.ext4", "-q", image.toString()) == 0, "there is no mkfs.ext4 here");
        Process attach = new ProcessBuilder("losetup", "-f", "--show", image.toString()).start();
        String device =
                new String(attach.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).strip();
        assumeTrue(attach.waitFor() == 0, "loop devices are not allowed here");
        undo.add(List.of("losetup", "-d", device));
        assertThat(run("mount", device, disk.toString())).isZero();
        undo.add(List.of("umount", "-l", disk.toString()));
        return device;
    }

    @Test
    void anotherVolumesDiskInItsPlaceIsNeverWritten() throws Exception {
        tmpfs("size=4m");
        house = new ArchiveHouse(folder);
        house.record(CAMERA, T0, 1);
        house.quiet();
        tmpfs("size=4m");
        try (FileVolume wrong = new FileVolume(new FileVolume.Settings(
                "other", disk, 0, 0, -1, true, ArchiveHouse.SERVER, folder.resolve("others")))) {
            wrong.checkNow();
            assertThat(wrong.status()).isEqualTo(Volume.Status.READY);
        }
        house.disk.checkNow();
        assertThat(house.disk.status()).isEqualTo(Volume.Status.WRONG_IDENTITY);
        assertThat(house.disk.statusDetail()).contains("mount the right disk");
        assertThatThrownBy(() -> house.open(CAMERA, T0 + 60 * SECOND_US)).hasMessageContaining("mount the right disk");
        assertThat(disk).isDirectoryNotContaining("glob:**/{journal,*-*-*}");

        assertThat(run("umount", disk.toString())).isZero();
        house.disk.checkNow();
        ArchiveHouse.await(() -> refusal() == null);
        isSoundUpTo(T0 + SECOND_US);
    }
}

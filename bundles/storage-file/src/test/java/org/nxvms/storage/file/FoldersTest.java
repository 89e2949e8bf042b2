// SPDX-License-Identifier: Apache-2.0
package org.nxvms.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each folder on a file's way is synced into the one above once; after that a new file costs one sync. */
class FoldersTest {
    @TempDir
    Path root;

    private final List<Path> synced = new ArrayList<>();
    private Folders folders;
    private Path hour;

    @BeforeEach
    void aVolume() {
        folders = new Folders(root, synced::add);
        hour = root.resolve("camera/main/20");
    }

    @Test
    void theFirstFileSyncsEveryFolderAboveAndTheNextOnlyItsOwn() throws IOException {
        folders.make(hour);
        assertThat(hour).isDirectory();
        assertThat(synced).containsExactly(root, root.resolve("camera"), root.resolve("camera/main"));

        synced.clear();
        folders.make(hour);
        folders.forceEntry(hour.resolve("chunk.mp4"));
        assertThat(synced).containsExactly(hour);
    }

    @Test
    void theNextHourSyncsWhatIsNewOnly() throws IOException {
        folders.make(hour);
        synced.clear();

        folders.make(root.resolve("camera/main/21"));
        assertThat(synced).containsExactly(root.resolve("camera/main"));
    }

    @Test
    void aFolderThatAKilledProcessLeftIsNotTrusted() throws IOException {
        Files.createDirectories(hour);

        folders.make(hour);
        assertThat(synced).containsExactly(root, root.resolve("camera"), root.resolve("camera/main"));
    }

    @Test
    void aFolderThatBecameEmptyIsRemovedDurablyAndMadeAnew() throws IOException {
        folders.make(hour);
        folders.make(root.resolve("camera/sub"));
        synced.clear();

        folders.removeEmptyAbove(hour.resolve("chunk.mp4"));
        assertThat(root.resolve("camera/main")).doesNotExist();
        assertThat(synced).as("the lowest that remains").containsExactly(root.resolve("camera"));

        synced.clear();
        folders.make(hour);
        assertThat(hour).isDirectory();
        assertThat(synced).containsExactly(root.resolve("camera"), root.resolve("camera/main"));
    }

    @Test
    void whileTheDiskIsWaitedForAfterARemovalOthersMakeFolders() throws Exception {
        AtomicBoolean removed = new AtomicBoolean();
        folders = new Folders(root, folder -> {
            if (removed.getAndSet(false)) {
                assertTimeoutPreemptively(
                        Duration.ofSeconds(30), () -> folders.make(root.resolve("other/main/20")), "made meanwhile");
            }
        });
        folders.make(hour);
        removed.set(true);
        folders.removeEmptyAbove(hour.resolve("chunk.mp4"));
        assertThat(root.resolve("other/main/20")).isDirectory();
    }

    @Test
    void aRemovalIsMadeDurableWhereAnotherRemovalWasFaster() throws IOException {
        folders.make(hour);
        folders = new Folders(root, folder -> {
            if (folder.equals(root.resolve("camera"))) {
                Files.deleteIfExists(root.resolve("camera/file"));
                Files.delete(folder);
                throw new NoSuchFileException(folder.toString());
            }
            synced.add(folder);
        });
        Files.createFile(root.resolve("camera/file"));
        synced.clear();
        folders.removeEmptyAbove(hour.resolve("chunk.mp4"));
        assertThat(synced).containsExactly(root);
    }

    @Test
    void aFolderThatSomebodyElseRemovedIsMadeAnewOnceItIsForgotten() throws IOException {
        folders.make(hour);
        Files.delete(hour);

        folders.forget(hour);
        folders.make(hour);
        assertThat(hour).isDirectory();
    }

    @Test
    void aFileInTheWayIsNamed() throws IOException {
        Files.createFile(root.resolve("camera"));

        assertThatThrownBy(() -> folders.make(hour))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessageContaining("camera");
    }
}

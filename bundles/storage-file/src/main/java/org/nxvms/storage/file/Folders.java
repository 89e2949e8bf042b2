// SPDX-License-Identifier: Apache-2.0
package org.nxvms.storage.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes changes of folders durable: a file's entry survives a power cut only after its folder was synced (fsync(2)). */
final class Folders {
    private Folders() {}

    static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Syncs a file's folder and all folders above it up to the root, since any of them may be new. */
    static void forceUpTo(Path root, Path file) throws IOException {
        for (Path folder = file.getParent(); folder != null && folder.startsWith(root); folder = folder.getParent()) {
            force(folder);
        }
    }

    /** Removes then-empty folders from a removed file's up to below the root; {@return the lowest one that remains}. */
    static Path removeEmptyUpTo(Path root, Path file) throws IOException {
        Path folder = file.getParent();
        while (!folder.equals(root)) {
            try {
                Files.delete(folder);
            } catch (DirectoryNotEmptyException stillUsed) {
                return folder;
            } catch (NoSuchFileException alreadyGone) {
                // another deletion was faster
            }
            folder = folder.getParent();
        }
        return root;
    }
}

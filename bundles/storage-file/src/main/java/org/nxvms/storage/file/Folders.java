// SPDX-License-Identifier: Apache-2.0
package org.nxvms.storage.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The folders of a volume, with durable entries: a file's entry survives a power cut only when its folder was synced, and
 * the folder's own entry in the folder above (fsync(2)). A folder is synced into the one above when it is made, and once
 * in this process when it was there already: whoever made it may have been killed before he could. So a new file needs
 * one sync, that of its folder, however deep it lies. Safe for several threads.
 */
final class Folders {
    /** More than a day of 200 cameras with two streams, some 3 MB; then all are looked at anew. */
    static final int KNOWN_MAX = 15_000;

    private final Path root;
    private final Sync sync;
    private final Set<Path> durable = ConcurrentHashMap.newKeySet();

    /** Returns when a folder's entries survive a power cut. */
    @FunctionalInterface
    interface Sync {
        void force(Path folder) throws IOException;
    }

    Folders(Path root) {
        this(root, Folders::force);
    }

    Folders(Path root, Sync sync) {
        this.root = root;
        this.sync = sync;
    }

    static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /**
     * Makes a folder below the root, with those above it, unless it is known to be there.
     *
     * @throws FileAlreadyExistsException when there is a file in the way
     */
    void make(Path folder) throws IOException {
        if (folder.equals(root) || durable.contains(folder)) {
            return;
        }
        synchronized (this) {
            makeBelowRoot(folder);
        }
    }

    private void makeBelowRoot(Path folder) throws IOException {
        Path at = root;
        for (Path name : root.relativize(folder)) {
            Path above = at;
            at = above.resolve(name);
            if (durable.contains(at)) {
                continue;
            }
            if (!Files.isDirectory(at)) {
                Files.createDirectory(at);
            }
            sync.force(above);
            if (durable.size() >= KNOWN_MAX) {
                durable.clear();
            }
            durable.add(at);
        }
    }

    /** A folder turned out not to be there: somebody removed it, or another disk is mounted. */
    void forget(Path folder) {
        for (Path at = folder; at != null && !at.equals(root); at = at.getParent()) {
            durable.remove(at);
        }
    }

    /** Makes a new file's entry durable. */
    void forceEntry(Path file) throws IOException {
        sync.force(file.getParent());
    }

    /**
     * Removes then-empty folders from a removed file's up to below the root, durably; also when the file was gone already,
     * since who removed it may have been killed before he came to this. Others make folders while the disk is waited for.
     */
    void removeEmptyAbove(Path file) throws IOException {
        Path remains = removeEmpty(file.getParent());
        while (true) {
            try {
                sync.force(remains);
                return;
            } catch (NoSuchFileException removedMeanwhile) {
                if (remains.equals(root)) {
                    throw removedMeanwhile;
                }
                remains = remains.getParent();
            }
        }
    }

    /** {@return the lowest folder that is still used} */
    private synchronized Path removeEmpty(Path lowest) throws IOException {
        Path folder = lowest;
        while (!folder.equals(root)) {
            try {
                Files.delete(folder);
            } catch (DirectoryNotEmptyException stillUsed) {
                break;
            } catch (NoSuchFileException alreadyGone) {
                // another deletion was faster
            }
            durable.remove(folder);
            folder = folder.getParent();
        }
        return folder;
    }
}

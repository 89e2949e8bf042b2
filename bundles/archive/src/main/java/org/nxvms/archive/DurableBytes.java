// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import org.nxvms.storage.spi.VolumeFile;

/** How much of a chunk's file survives a power cut. The keeper forces; any thread asks. */
final class DurableBytes {
    private final VolumeFile file;
    private volatile long bytes;
    private volatile boolean folderForced;
    /** A force failed: what lies behind {@link #bytes} may not be on the disk, whatever a later force says. */
    private volatile boolean doubted;

    DurableBytes(VolumeFile file) {
        this.file = file;
    }

    /** Makes the first bytes of the file durable, and its name. */
    void force(long size) throws IOException {
        if (!folderForced) {
            forceFolder();
        }
        forceFile();
        bytes = size;
    }

    /** The file first, so that its name never shows less than is in it. */
    void forceSealed(long size) throws IOException {
        forceFile();
        forceFolder();
        bytes = size;
    }

    private void forceFile() throws IOException {
        try {
            file.force();
        } catch (IOException failed) {
            doubted = true;
            throw failed;
        }
    }

    /** Without its entry in the folder a file is lost whole, however well it was synced. */
    private void forceFolder() throws IOException {
        try {
            file.forceDirectory();
            folderForced = true;
        } catch (IOException failed) {
            doubted = true;
            throw failed;
        }
    }

    boolean isDoubted() {
        return doubted;
    }

    long bytes() {
        return bytes;
    }
}

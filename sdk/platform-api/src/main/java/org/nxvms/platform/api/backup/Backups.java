// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.backup;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Writes all that makes up a server but for its footage into one encrypted file, and prepares such a file to be put in
 * place when the server starts next. Both go on beside recording. Called by the shell on its own threads; methods block
 * for as long as they read and write. One runs at a time.
 */
@ProviderType
public interface Backups {
    /** Shorter passphrases are refused: who has the file may try as many as there is time for. */
    int PASSPHRASE_LENGTH_MIN = 12;

    /**
     * Writes a backup.
     *
     * @param file where to; it must not be there yet. Empty: a file named by the time, in {@code backups/} of the data
     *     folder
     * @param progress told in words what is done, at most every two seconds
     * @throws BackupException when it cannot; no file is left then
     */
    BackupSummary write(Optional<Path> file, String passphrase, Consumer<String> progress) throws BackupException;

    /**
     * Writes a backup to whoever reads it, encrypted as it is made: nothing of it lies anywhere. One that ends early is known
     * as torn by who reads it. The stream is not closed.
     *
     * @return what was written; its file is named as it might be
     * @throws BackupException when it cannot
     */
    BackupSummary write(OutputStream out, String passphrase) throws BackupException;

    /**
     * Reads a backup to its end and prepares all of it to be put in place at the next start, before anything reads it.
     * Until then nothing changes. What is there is written to a backup with the same passphrase first, unless it is
     * nothing.
     *
     * @param replace whether a server that has cameras or users is to give way
     * @throws BackupException when it cannot: nothing is prepared then
     */
    Prepared prepare(Path file, String passphrase, boolean replace, Consumer<String> progress) throws BackupException;

    /** {@return whether something was prepared, and is not any more} */
    boolean cancel() throws BackupException;

    /**
     * @param restored what the next start puts in place
     * @param keptAside the backup of what is there now; empty when that is nothing
     */
    record Prepared(BackupSummary restored, Optional<Path> keptAside) {}
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The rows of the database that belong into a backup, in a form that is the same whatever database they come from. What
 * the volumes know themselves (footage and gaps), events and sessions are left out. Methods block and are called by
 * {@link Backups} only.
 */
@ProviderType
public interface MetadataRows {
    /**
     * {@return whether nothing would be lost: there is no camera, and no user but the first}
     *
     * @throws BackupException when the database does not answer
     */
    boolean isFresh() throws BackupException;

    /**
     * Writes the rows as they are at one moment; others go on changing them. The stream is not closed.
     *
     * @param progress told how many rows were written
     * @return how many there are
     * @throws BackupException when the database does not do what is asked
     */
    long write(OutputStream rows, LongConsumer progress) throws IOException;

    /**
     * Reads what {@link #write} wrote, of this schema or an older one, and makes rows of this schema of it, checked as the
     * database checks them. They lie in the folder until the server starts next with it in its place ({@code
     * restore/placed} of the data folder). The stream is read to the end of the rows.
     *
     * @return how many there are
     * @throws BackupException when they cannot be used, with why
     */
    long prepare(InputStream rows, Path folder, LongConsumer progress) throws IOException;
}

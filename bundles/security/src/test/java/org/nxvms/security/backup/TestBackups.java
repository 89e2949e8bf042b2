// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.backup;

import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.backup.MetadataRows;
import org.nxvms.security.MovingClock;

/** Backups whose passphrase costs little. */
public final class TestBackups {
    private TestBackups() {}

    public static FileBackups make(ServerIdentity identity, MetadataRows rows) {
        FileBackups backups = new FileBackups(identity, new MovingClock(), 8);
        backups.setRows(rows);
        return backups;
    }

    public static void withoutRows(FileBackups backups, MetadataRows rows) {
        backups.unsetRows(rows);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.util.List;
import org.nxvms.export.pack.Manifest.FileItem;
import org.nxvms.export.pack.StoredZip;

/**
 * A file of a package that is made, so that after a restart it need not be made again. A line each of the {@link Journal}.
 *
 * @param stretches footage in it
 */
record Done(StoredZip.Entry entry, FileItem item, List<Stretch> stretches) {
    Done {
        stretches = List.copyOf(stretches);
    }

    /** Footage without a hole, in microseconds since 1970. */
    record Stretch(long fromUs, long toUs) {}
}

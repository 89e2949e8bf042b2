// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.nxvms.export.pack.Manifest.Source;
import org.nxvms.platform.api.archive.Segment;

/** Puts a camera's footage into a package in one form. One thread. */
interface FileMaker {
    /**
     * Makes the camera's files, one after the other.
     *
     * @param segments in their order
     * @param last what was copied last before a restart; it, and what is before it in its segment, is not copied again
     */
    void make(CameraPart part, List<Segment> segments, Optional<Source> last)
            throws IOException, Toll.UnwantedException;

    /** {@return a file that was begun} */
    @FunctionalInterface
    interface Files {
        PackageFile begin(CameraPart part, String name) throws IOException;
    }

    /** Told of each file that is made. */
    @FunctionalInterface
    interface Made {
        void file(PackageFile.Ended file) throws IOException;
    }
}

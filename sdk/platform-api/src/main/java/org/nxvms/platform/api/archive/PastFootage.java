// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.nxvms.media.GapCause;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Puts footage into time that is over and of which there is none, as by what a camera has recorded itself. What is
 * recorded now goes on untouched, and knows nothing of it.
 *
 * @since 0.1
 */
@ProviderType
public interface PastFootage {
    /**
     * Causes of gaps that may be filled: it was wanted, and nobody received it or could keep it. Of what was removed nothing
     * comes back, and what a volume took with it, or a repair may still find, comes back by itself.
     */
    Set<GapCause> CAUSES = Collections.unmodifiableSet(EnumSet.of(
            GapCause.CAMERA_UNREACHABLE,
            GapCause.AUTH,
            GapCause.STREAM_STALLED,
            GapCause.PACKET_LOSS,
            GapCause.WORKER_FAILED,
            GapCause.RECORDER_OVERRUN,
            GapCause.DISK_SLOW,
            GapCause.DISK_FULL,
            GapCause.SERVER_DOWN,
            GapCause.MAINTENANCE));

    /**
     * Opens a run in the past; at most one a stream. As {@link FootageSink#openRun}, but the archive chooses the volume. Gaps
     * are cut to what is left of them when what was appended is sealed and has its rows, also after a crash: what was
     * appended before stays.
     *
     * <p>Fragments must lie one behind the other between {@code request.startUs()} and {@code toUs}, without a hole: behind
     * one another run begins. One that does not is refused by {@link IllegalArgumentException}, and nothing is written.
     *
     * @param request its clock says where the footage comes from: {@link org.nxvms.media.ClockSource#DEVICE_RECORDING}
     * @param toUs there is footage of the stream behind it
     * @throws FootageSink.RefusedException when no volume takes it
     * @throws NotMissingException when there is footage in this time, or it was removed, was not to be recorded, or may come back
     * @throws org.nxvms.platform.api.StoreException when the database is not there
     */
    FootageSink.Run open(FootageSink.RunRequest request, long toUs)
            throws FootageSink.RefusedException, NotMissingException;

    /** Nothing may be put there. */
    class NotMissingException extends Exception {
        private static final long serialVersionUID = 1L;

        public NotMissingException(String message) {
            super(message);
        }
    }
}

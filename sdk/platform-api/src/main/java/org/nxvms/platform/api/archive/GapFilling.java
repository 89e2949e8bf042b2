// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.Optional;
import java.util.UUID;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Fills what is missing with what cameras recorded themselves. Any thread; nobody waits for a camera or a disk.
 *
 * @since 0.1
 */
@ProviderType
public interface GapFilling {
    /**
     * How far a job is.
     *
     * @param over whether nothing more is done for it
     * @param missingMs what was missing when it began
     * @param filledMs how much of that has footage now
     * @param detail why it failed or waits, or what stays missing; may be empty
     */
    record Progress(boolean over, boolean failed, long missingMs, long filledMs, String detail) {}

    /**
     * Has the gaps of a camera's main stream filled that overlap a range, one after the other. What was removed, or was not
     * to be recorded, is left alone.
     *
     * @param by who wants it, for people
     * @return the job's id; while the same was asked for and waits, it is that job's, which goes up to the later end
     * @throws TooManyException when too many are not over
     */
    UUID fill(UUID camera, long fromUs, long toUs, String by) throws TooManyException;

    /** {@return how far a job is; empty when it is not known any more} */
    Optional<Progress> progress(UUID job);

    /** Too many jobs are not over. */
    class TooManyException extends Exception {
        private static final long serialVersionUID = 1L;

        public TooManyException(String message) {
            super(message);
        }
    }
}

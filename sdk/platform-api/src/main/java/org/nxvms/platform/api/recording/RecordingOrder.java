// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.recording;

import java.util.Objects;
import org.nxvms.platform.api.archive.FootageTerms;

/**
 * How a stream shall be recorded.
 *
 * @param terms how long and where its footage is kept
 */
public record RecordingOrder(FootageTerms terms) {
    public RecordingOrder {
        Objects.requireNonNull(terms, "terms");
    }

    /** An order that only limits the time footage is kept, 1..3650 days. */
    public RecordingOrder(int retentionDaysMax) {
        this(FootageTerms.days(retentionDaysMax));
    }
}

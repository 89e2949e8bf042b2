// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Hears of gaps; a whiteboard service. Called on the archive's threads while it keeps its ledger: must return at once, so
 * it only notes and leaves the work to a thread of its own. When a listener appears it is told of the gaps that are open.
 */
@ConsumerType
public interface GapListener {
    /** A gap opened, closed, or was found complete; again for the same id when it changes. */
    void changed(Gap gap);

    /** It turned out to be no gap. */
    void dropped(Gap gap);
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.util.Optional;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;

/** Why nothing comes, in a form for gap and status. */
record Explanation(GapCause cause, String detail) {
    /** Who may know why a stream is silent: the engine that fetches it. */
    @FunctionalInterface
    interface Source {
        Optional<Explanation> whySilent(StreamId stream);
    }
}

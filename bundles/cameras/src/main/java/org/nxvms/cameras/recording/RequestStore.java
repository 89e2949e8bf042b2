// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.recording;

import java.util.Map;
import java.util.UUID;
import org.nxvms.media.StreamRole;

/** Keeps what is asked for at the moment over restarts. */
@FunctionalInterface
public interface RequestStore {
    /** What is asked of one camera. */
    record Kept(Map<StreamRole, Window> byEvents, Map<StreamRole, Window> byPeople) {}

    /** Does not wait. */
    void keep(Map<UUID, Kept> running);
}

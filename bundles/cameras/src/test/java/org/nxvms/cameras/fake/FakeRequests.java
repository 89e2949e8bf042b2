// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.fake;

import java.util.Map;
import java.util.UUID;
import org.nxvms.cameras.recording.RequestStore;

/** Keeps in memory what would be kept on disk. */
public final class FakeRequests implements RequestStore {
    public volatile Map<UUID, Kept> running = Map.of();

    @Override
    public void keep(Map<UUID, Kept> now) {
        running = now;
    }
}

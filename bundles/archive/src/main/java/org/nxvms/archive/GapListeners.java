// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.GapListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who want to hear of gaps. What one of them throws is its own affair. */
final class GapListeners implements GapLedger.Sink {
    private static final Logger LOG = LoggerFactory.getLogger(GapListeners.class);

    private final List<GapListener> listeners = new CopyOnWriteArrayList<>();

    void add(GapListener listener, List<Gap> open) {
        listeners.add(listener);
        open.forEach(gap -> tell(listener, gap, true));
    }

    void remove(GapListener listener) {
        listeners.remove(listener);
    }

    @Override
    public void save(Gap gap) {
        listeners.forEach(listener -> tell(listener, gap, true));
    }

    @Override
    public void drop(Gap gap) {
        listeners.forEach(listener -> tell(listener, gap, false));
    }

    private static void tell(GapListener listener, Gap gap, boolean kept) {
        try {
            if (kept) {
                listener.changed(gap);
            } else {
                listener.dropped(gap);
            }
        } catch (RuntimeException theirs) {
            LOG.warn("{} did not take the gap {}", listener.getClass().getName(), gap.id(), theirs);
        }
    }
}

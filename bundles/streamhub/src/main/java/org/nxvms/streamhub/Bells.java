// SPDX-License-Identifier: Apache-2.0
package org.nxvms.streamhub;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.nxvms.media.ReaderBell;

/** The bells that hang at a stream; readers of one thread share one. Immutable: when readers come and go, there are others. */
final class Bells {
    /** So many threads are woken by one stream: each call of the operating system is on the writer's time. */
    static final int MAX = 16;

    static final Bells NONE = new Bells(new ReaderBell[0], new ReaderBell[0]);

    private final ReaderBell[] byPictures;
    private final ReaderBell[] byOthers;

    private Bells(ReaderBell[] byPictures, ReaderBell[] byOthers) {
        this.byPictures = byPictures;
        this.byOthers = byOthers;
    }

    /**
     * A reader's bell.
     *
     * @param picturesOnly whether it is rung by pictures only
     */
    record Hung(ReaderBell bell, boolean picturesOnly) {}

    static Bells of(Collection<Hung> hung) {
        List<ReaderBell> all = new ArrayList<>();
        List<ReaderBell> others = new ArrayList<>();
        for (Hung one : hung) {
            add(one.bell(), all);
            if (!one.picturesOnly()) {
                add(one.bell(), others);
            }
        }
        return all.isEmpty() ? NONE : new Bells(all.toArray(ReaderBell[]::new), others.toArray(ReaderBell[]::new));
    }

    private static void add(ReaderBell bell, List<ReaderBell> to) {
        if (!to.contains(bell)) {
            to.add(bell);
        }
    }

    boolean hasRoomFor(ReaderBell bell) {
        boolean hangs = false;
        for (ReaderBell one : byPictures) {
            hangs |= one == bell;
        }
        return hangs || byPictures.length < MAX;
    }

    /** Something was written. Wait-free. @param picture whether those are concerned who wait for pictures only */
    void ring(boolean picture) {
        if (this == NONE) {
            return;
        }
        // What was written must be seen by who is found awake: he may have looked just before.
        VarHandle.fullFence();
        for (ReaderBell bell : picture ? byPictures : byOthers) {
            bell.ring();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamRole;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Devices that serve fewer streams than they offer: what is recorded comes first (ADR 155). A stream that the device refuses for
 * want of places gets the place of one that matters less, which is tried again after a while, once. Control thread only.
 */
final class ScarcePlaces {
    private static final Logger LOG = LoggerFactory.getLogger(ScarcePlaces.class);

    /** Somebody else's session may have taken the place, and gone since. */
    static final int YIELD_MS = 300_000;

    static final String WHY =
            "The camera serves fewer streams at once than it offers, and the others come first; let it serve"
                    + " more, or end other programs' sessions.";

    private final IngestRouter ingests;
    private final Wishes wishes;

    ScarcePlaces(IngestRouter ingests, Wishes wishes) {
        this.ingests = ingests;
        this.wishes = wishes;
    }

    void tick(Supervised camera, long nowMs) {
        if (!camera.camera().enabled()) {
            camera.yielded.clear();
            return;
        }
        List<StreamRole> offered = Arrays.stream(StreamRole.values())
                .filter(role -> camera.offer(role).isPresent())
                .sorted(Comparator.comparing((StreamRole role) -> !isRecorded(camera, role)))
                .toList();
        camera.yielded.keySet().retainAll(offered);
        for (int i = 0; i < offered.size(); i++) {
            StreamRole role = offered.get(i);
            comeBack(camera, role, i == 0, nowMs);
            if (findsNoPlace(camera, role)) {
                if (camera.yielded.containsKey(role)) {
                    // It was tried again, in vain.
                    leave(camera, role, nowMs);
                } else if (isRecorded(camera, role)) {
                    least(camera, offered.subList(i + 1, offered.size()))
                            .ifPresent(least -> leave(camera, least, nowMs));
                }
            }
        }
    }

    /** Lets a stream be fetched again that has waited, or before which nothing comes any more. */
    private void comeBack(Supervised camera, StreamRole role, boolean first, long nowMs) {
        Long untilMs = camera.yielded.get(role);
        if (untilMs == null) {
            return;
        }
        if (first || wishes.arrives(camera, role)) {
            camera.yielded.remove(role);
        } else if (untilMs != Supervised.TRIED_AGAIN && nowMs >= untilMs) {
            camera.yielded.put(role, Supervised.TRIED_AGAIN);
        } else {
            return;
        }
        wishes.settle(camera);
    }

    private static boolean isRecorded(Supervised camera, StreamRole role) {
        return camera.plan(role).order().isPresent();
    }

    private boolean findsNoPlace(Supervised camera, StreamRole role) {
        return ingests.findsNoPlace(wishes.stream(camera, role));
    }

    /** {@return the one that matters least of those that have a place} */
    private Optional<StreamRole> least(Supervised camera, List<StreamRole> lesser) {
        return lesser.stream().filter(role -> wishes.arrives(camera, role)).reduce((one, next) -> next);
    }

    private void leave(Supervised camera, StreamRole role, long nowMs) {
        if (camera.yielded.put(role, nowMs + YIELD_MS) == null) {
            LOG.warn(
                    "Camera {} serves fewer streams than it offers: {} leaves its place to what is recorded",
                    camera.id,
                    role.id());
        }
        ingests.release(
                wishes.stream(camera, role),
                isRecorded(camera, role) ? GapCause.CAMERA_UNREACHABLE : GapCause.NOT_SCHEDULED,
                WHY);
    }
}

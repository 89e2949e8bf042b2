// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;

/**
 * What is believed of a camera's streams after its driver's answer. Pictures count more than lists: devices and drivers
 * leave a stream out for a moment (a restart, a profile that is being edited), and a recording must not end for that. So a
 * recorded stream that is missing from an answer is kept as last known, until the answer was the same several times
 * and nothing arrives from it any more. Control thread only.
 */
final class KnownStreams {
    /** Answers in a row without a stream before it is believed to be gone. */
    static final int MISSED_MAX = 3;

    private KnownStreams() {}

    /** Takes note of an answer. {@return the streams to go on with} */
    static List<StreamOffer> after(Supervised camera, List<StreamOffer> offers, Predicate<StreamRole> arrives) {
        List<StreamOffer> kept = new ArrayList<>(offers);
        for (StreamRole role : StreamRole.values()) {
            if (offers.stream().anyMatch(offer -> offer.role() == role)) {
                camera.missed.remove(role);
                continue;
            }
            Optional<StreamOffer> last = camera.offer(role);
            boolean wanted = camera.camera().recording().records(role);
            if (!wanted || camera.stale || last.isEmpty() && !camera.missed.containsKey(role)) {
                camera.missed.remove(role);
                continue;
            }
            int missed = camera.missed.merge(role, 1, Integer::sum);
            if (last.isPresent() && (missed < MISSED_MAX || arrives.test(role))) {
                kept.add(last.get());
            }
        }
        return List.copyOf(kept);
    }
}

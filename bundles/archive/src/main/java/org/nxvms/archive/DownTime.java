// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.nxvms.archive.GapLedger.NEVER;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Gap;

/**
 * Of one stream, the time between an earlier process's last footage and this one's first report: a gap, unless another one
 * covers it. Where that footage ended is learned bit by bit, and the gap may be filled meanwhile; what is left of it begins
 * behind the footage all the same. Under the ledger's lock.
 */
final class DownTime {
    private long footageEndUs = NEVER;
    private long pastEndUs = NEVER;
    private boolean told;
    /** The gap, or what fills have left of it. */
    private List<Gap> rests = List.of();

    /** Footage that was received goes up to here. */
    void footageTo(long us) {
        footageEndUs = Math.max(footageEndUs, us);
    }

    /**
     * Footage that was put into the past goes up to here. What was received goes further, though nobody may have told yet how
     * far; but nothing is missing there.
     */
    void pastTo(long us) {
        pastEndUs = Math.max(pastEndUs, us);
    }

    /**
     * Tells what is known now.
     *
     * @param covered whether another gap explains it
     */
    void explain(StreamId stream, long firstUs, boolean covered, GapLedger.Sink sink) {
        if (footageEndUs == NEVER) {
            return;
        }
        long fromUs = Math.max(footageEndUs, pastEndUs);
        if (covered || firstUs - fromUs <= GapLedger.UNEXPLAINED_US_MIN) {
            rests.forEach(sink::drop);
            rests = List.of();
        } else if (told) {
            beginAt(fromUs, sink);
        } else {
            told = true;
            Gap gap = new Gap(
                    UUID.randomUUID(),
                    stream,
                    fromUs,
                    OptionalLong.of(firstUs),
                    GapCause.SERVER_DOWN,
                    GapLedger.DETAIL_DOWN);
            rests = List.of(gap);
            sink.save(gap);
        }
    }

    private void beginAt(long fromUs, GapLedger.Sink sink) {
        List<Gap> left = new ArrayList<>();
        for (Gap rest : rests) {
            if (rest.fromUs() >= fromUs) {
                left.add(rest);
            } else if (rest.toUs().orElseThrow() - fromUs < GapLedger.GAP_US_MIN) {
                sink.drop(rest);
            } else {
                Gap later = new Gap(rest.id(), rest.stream(), fromUs, rest.toUs(), rest.cause(), rest.detail());
                sink.save(later);
                left.add(later);
            }
        }
        rests = left;
    }

    /**
     * A gap was filled, which may be one of ours.
     *
     * @param left what is missing of it still
     */
    void filled(Gap gap, List<Gap> left) {
        if (rests.stream().noneMatch(rest -> rest.id().equals(gap.id()))) {
            return;
        }
        List<Gap> now = new ArrayList<>(rests);
        // A fill may be told twice.
        now.removeIf(rest -> rest.id().equals(gap.id())
                || left.stream().anyMatch(one -> one.id().equals(rest.id())));
        now.addAll(left);
        rests = now;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.recorder;

import java.util.Optional;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamReader;
import org.nxvms.platform.api.archive.FootageTerms;

/**
 * From access units to written fragments: begins a run with a key frame, gathers, cuts when the next unit is known, hands
 * over to the {@link RunWriter}. Holds its unit and its fragment while the archive refuses. One thread at a time.
 */
final class OpenRun {
    /** The unit is taken, or left out by a rule. */
    static final int TAKEN = 0;
    /** The fragment before the unit is held: offer the unit again. */
    static final int HELD = 1;
    /** The run broke off: open the cursor anew, further back. */
    static final int REWIND = 2;
    /** A run that had to end did, right before this key frame. */
    static final int ENDED = 3;
    /** The fragment before the unit can be written: offer the unit again when others were asked too. */
    static final int ANNOUNCED = 4;

    /** Audio alone closes a fragment when video is this late. */
    private static final long AUDIO_US_MAX = 2 * FragmentRhythm.FRAGMENT_US_MAX;

    private static final int UNKNOWN = -1;

    private final RunWriter writer;
    private final LeadTimes times = new LeadTimes();
    private final FragmentRhythm rhythm = new FragmentRhythm();
    private StreamReader reader;
    private FragmentGatherer fragment;
    private Optional<TrackLayout> layout = Optional.empty();
    private boolean open;
    private boolean afterLoss;
    private boolean ending;

    // The access unit that waits until a held fragment is written.
    private boolean prepared;
    private long preparedPts;
    private long preparedDts;

    OpenRun(RunWriter writer) {
        this.writer = writer;
    }

    /** A new cursor; no run is open. */
    void follow(StreamReader newReader) {
        reader = newReader;
        layout = Optional.empty();
    }

    /** The cursor's run begins; {@return false when it cannot be stored} */
    boolean format() {
        layout = TrackLayout.of(reader.format());
        if (layout.isPresent()) {
            fragment = new FragmentGatherer(reader, layout.get().stored(), () -> !writer.isAbandoned());
        }
        return layout.isPresent();
    }

    boolean isOpen() {
        return open;
    }

    boolean isGathering() {
        return open && !fragment.isEmpty();
    }

    /** The open run ends before the next key frame of the leading track. */
    void endAtNextKey() {
        ending = true;
    }

    /** {@return when footage ends, as far as is known} */
    long endUs() {
        return times.endUs();
    }

    /** {@return when footage ends, if the camera's word is believable} */
    long endUs(long toldUs) {
        return times.endUs(toldUs);
    }

    /** The hot path: once per access unit, the one the cursor stands on. {@return one of the constants} */
    int unit(FootageTerms terms, long nowNanos) {
        if (layout.isEmpty()) {
            return TAKEN;
        }
        int track = layout.get().number(reader.track());
        if (track < 0) {
            return TAKEN;
        }
        boolean lead = track == 0;
        if (lead && open && !prepared && times.hasJumped(reader, fragment.leadClockRate())) {
            int outcome = breakAtJump(terms, nowNanos);
            if (outcome != TAKEN) {
                return outcome;
            }
        }
        if (!open) {
            if (!lead || !reader.key()) {
                if (afterLoss) {
                    writer.lost(1);
                }
                return TAKEN;
            }
            start();
        }
        if (!prepared) {
            preparedPts = fragment.presentationTime(track, reader.timestamp());
            if (!fragment.accepts(track, preparedPts)) {
                return TAKEN;
            }
            preparedDts = fragment.decodeTime(track, preparedPts);
            prepared = true;
        }
        if (mustCut(track)) {
            if (!writer.isReadyFor(fragment)) {
                return HELD;
            }
            long endDts = lead ? preparedDts : UNKNOWN;
            if (writer.announce(fragment, endDts, reader.wallUs())) {
                return ANNOUNCED;
            }
            int outcome = write(terms, endDts, reader.wallUs(), nowNanos);
            if (outcome != TAKEN) {
                return outcome;
            }
            boolean atKey = lead && reader.key() && open;
            if (atKey && (ending || !writer.isKeptAs(terms, nowNanos))) {
                end();
                if (ending) {
                    return ENDED;
                }
            }
            if (!open) {
                prepared = false;
                return unit(terms, nowNanos);
            }
        }
        if (fragment.isEmpty()) {
            fragmentStarts(lead);
        }
        fragment.add(track, preparedDts, preparedPts);
        prepared = false;
        if (lead) {
            times.took(reader);
        }
        return TAKEN;
    }

    private void start() {
        open = true;
        afterLoss = false;
        writer.prepare(layout.get().stored(), reader.clockSource(), reader.wallUs());
        fragment.startRun(reader.timestamp());
        times.start(reader);
        rhythm.restart();
    }

    private void fragmentStarts(boolean lead) {
        if (lead && isCuttingKey()) {
            rhythm.gopStarts(reader.wallUs());
        } else {
            rhythm.partStarts();
        }
    }

    private boolean isCuttingKey() {
        return reader.key() && !layout.get().isAudioOnly();
    }

    private boolean mustCut(int track) {
        if (fragment.isEmpty()) {
            return false;
        }
        if (fragment.isFullBefore(reader.length())) {
            return true;
        }
        long ageUs = reader.wallUs() - fragment.startUs();
        return track == 0 ? rhythm.isDue(ageUs, isCuttingKey()) : ageUs >= AUDIO_US_MAX;
    }

    private int breakAtJump(FootageTerms terms, long nowNanos) {
        Explanation why = times.explainJump(reader, fragment.leadClockRate());
        int outcome = finish(times.endUs(), terms, nowNanos);
        if (outcome == TAKEN) {
            writer.gap(times.endUs(), why);
        }
        return outcome;
    }

    /** Writes what is gathered and ends the run; {@return {@link #TAKEN}, {@link #HELD} or {@link #REWIND}} */
    int finish(long endUs, FootageTerms terms, long nowNanos) {
        if (!open) {
            return TAKEN;
        }
        long endDts = fragment.leadDts() + (endUs - times.wallUs()) * fragment.leadClockRate() / 1_000_000;
        if (!fragment.isEmpty()) {
            int outcome = write(terms, endDts, endUs, nowNanos);
            if (outcome != TAKEN) {
                return outcome;
            }
        }
        end();
        return TAKEN;
    }

    /** Writes what is gathered though nothing follows yet; as {@link #finish}, but the run stays open. */
    int flush(FootageTerms terms, long nowNanos) {
        return write(terms, UNKNOWN, times.endUs(), nowNanos);
    }

    /** A lost fragment ends the run. */
    private int write(FootageTerms terms, long endDts, long endUs, long nowNanos) {
        return switch (writer.write(fragment, terms, endDts, endUs, nowNanos)) {
            case RunWriter.HELD -> HELD;
            case RunWriter.LOST -> {
                open = false;
                prepared = false;
                afterLoss = true;
                yield TAKEN;
            }
            case RunWriter.REWIND -> {
                open = false;
                prepared = false;
                yield REWIND;
            }
            default -> TAKEN;
        };
    }

    /** The ring's writer overtook the cursor: what is gathered counts only if it is still there. */
    void overtaken() {
        if (isGathering() && !fragment.isIntact()) {
            writer.lost(fragment.count());
            fragment.drop();
        }
    }

    /** Ends the run without what is gathered, for the next recorder finds it in the ring. */
    void drop() {
        if (fragment != null) {
            fragment.drop();
        }
        end();
    }

    private void end() {
        open = false;
        prepared = false;
        writer.end();
    }

    /** {@return the gap of a format that cannot be stored} */
    Explanation unsupported() {
        return new Explanation(
                GapCause.UNSUPPORTED, "the stream is " + reader.format().codecs() + ", which cannot be stored");
    }
}

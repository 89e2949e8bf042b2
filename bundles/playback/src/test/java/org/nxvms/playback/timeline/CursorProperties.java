// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.nxvms.playback.played.StreamWish;

/** Whoever keeps what he was told and takes in what changed has what he would be told anew. */
class CursorProperties {
    private static final int END = 1_000;

    private static Timeline.Query query(int cameras) {
        return new Timeline.Query(
                IntStream.range(0, cameras).mapToObj(i -> new UUID(7, i)).toList(),
                StreamWish.MAIN,
                0,
                END * 1_000L,
                1);
    }

    private static List<Timeline.Lane> lanes(Timeline.Query query, List<Timeline.Lane> drawn) {
        List<Timeline.Lane> lanes = new ArrayList<>();
        for (int i = 0; i < query.cameras().size(); i++) {
            Timeline.Lane lane = drawn.get(i);
            lanes.add(new Timeline.Lane(
                    query.cameras().get(i),
                    OptionalLong.empty(),
                    lane.spans(),
                    lane.gaps(),
                    lane.first(),
                    lane.last()));
        }
        return lanes;
    }

    /** As the console does it. */
    private static List<Timeline.Lane> takenIn(List<Timeline.Lane> had, List<Timeline.Lane> changed) {
        Map<UUID, Timeline.Lane> more = new HashMap<>();
        changed.forEach(lane -> more.put(lane.cameraId(), lane));
        return had.stream()
                .map(lane -> more.containsKey(lane.cameraId()) ? takenIn(lane, more.get(lane.cameraId())) : lane)
                .toList();
    }

    private static Timeline.Lane takenIn(Timeline.Lane had, Timeline.Lane more) {
        if (more.keptTo().isEmpty()) {
            return more;
        }
        long keptTo = more.keptTo().getAsLong();
        List<long[]> spans = new ArrayList<>(
                had.spans().stream().filter(span -> span[1] <= keptTo).toList());
        spans.addAll(more.spans());
        List<Timeline.ShownGap> gaps = new ArrayList<>(had.gaps().stream()
                .filter(gap -> gap.end().orElse(Long.MAX_VALUE) <= keptTo)
                .toList());
        gaps.addAll(more.gaps());
        gaps.sort(Comparator.comparingLong(Timeline.ShownGap::start));
        return new Timeline.Lane(had.cameraId(), OptionalLong.empty(), spans, gaps, more.first(), more.last());
    }

    @Property(tries = 500)
    void whatIsKeptAndWhatChangedAreWhatThereIs(
            @ForAll("lane") Timeline.Lane before,
            @ForAll("lane") Timeline.Lane after,
            @ForAll("lane") Timeline.Lane still,
            @ForAll @IntRange(max = END) int settled,
            @ForAll @IntRange(max = END) int settledLater) {
        Timeline.Query query = query(3);
        List<Timeline.Lane> was = lanes(query, List.of(before, still, before));
        // The third only goes on where it has been told last.
        List<Timeline.Lane> is = lanes(query, List.of(after, still, goneOn(before, after, settled)));

        Cursor told = Cursor.read(Cursor.of(query, was, settled, "").text()).orElseThrow();
        assertThat(told.isOf(query)).isTrue();
        List<Timeline.Lane> changed = told.changed(is);

        assertThat(takenIn(was, changed)).usingRecursiveComparison().isEqualTo(is);
        assertThat(changed)
                .noneMatch(lane -> lane.cameraId().equals(query.cameras().get(1)));
        assertThat(changed)
                .filteredOn(lane -> lane.cameraId().equals(query.cameras().get(2)))
                .allMatch(lane -> lane.keptTo().isPresent());
        assertThat(Cursor.of(query, is, settledLater, "").changed(is)).isEmpty();
    }

    /** {@return what ended by a moment, and what ends later of another lane} */
    private static Timeline.Lane goneOn(Timeline.Lane before, Timeline.Lane after, long settled) {
        return takenIn(
                before,
                new Timeline.Lane(
                        before.cameraId(),
                        OptionalLong.of(settled),
                        after.spans().stream().filter(span -> span[1] > settled).toList(),
                        after.gaps().stream()
                                .filter(gap -> gap.end().orElse(Long.MAX_VALUE) > settled)
                                .toList(),
                        after.first(),
                        after.last()));
    }

    @Example
    void aCursorIsOfOneQuestionAndKnowsWhatStoodBesideTheLanes() {
        Timeline.Query query = query(2);
        List<Timeline.Lane> lanes = lanes(query, List.of(EMPTY, EMPTY));
        Cursor cursor = Cursor.of(query, lanes, 10, List.of("a bookmark"));
        assertThat(cursor.isOf(query)).isTrue();
        assertThat(cursor.isOf(query(1))).isFalse();
        assertThat(cursor.isOf(new Timeline.Query(query.cameras(), StreamWish.SUB, query.fromUs(), query.toUs(), 1)))
                .isFalse();
        assertThat(cursor.hasBeside(List.of("a bookmark"))).isTrue();
        assertThat(cursor.hasBeside(List.of())).isFalse();
    }

    @Example
    void theCursorOfTheMostCamerasFitsIntoAnAddressBesideTheirIds() {
        Timeline.Query query = query(Timeline.CAMERAS_MAX);
        List<Timeline.Lane> lanes = lanes(
                query,
                IntStream.range(0, Timeline.CAMERAS_MAX).mapToObj(i -> EMPTY).toList());
        String text = Cursor.of(query, lanes, END, "").text();
        assertThat(text.length() + Timeline.CAMERAS_MAX * 37).isLessThan(6_700);
        assertThat(Cursor.read(text).orElseThrow().changed(lanes)).isEmpty();
    }

    @Property
    void whatNoServerWroteIsRefusedAndAnotherFormIsNoMistake(@ForAll @Size(max = 60) byte[] bytes) {
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        boolean ours = bytes.length >= 25 && bytes[0] == 1 && (bytes.length - 25) % 10 == 0;
        if (ours || bytes.length > 0 && bytes[0] != 1) {
            assertThat(Cursor.read(text).isPresent()).isEqualTo(ours);
        } else {
            assertThatThrownBy(() -> Cursor.read(text)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static final Timeline.Lane EMPTY = new Timeline.Lane(
            new UUID(0, 0), OptionalLong.empty(), List.of(), List.of(), OptionalLong.empty(), OptionalLong.empty());

    private record Stretch(int skip, int length) {}

    @Provide
    Arbitrary<Timeline.Lane> lane() {
        Arbitrary<List<Stretch>> stretches = Combinators.combine(
                        Arbitraries.integers().between(1, 200),
                        Arbitraries.integers().between(1, 300))
                .as(Stretch::new)
                .list()
                .ofMaxSize(6);
        return Combinators.combine(
                        stretches, stretches, Arbitraries.integers().between(0, 20), Arbitraries.of(true, false))
                .as((spans, gaps, first, lasts) -> new Timeline.Lane(
                        new UUID(0, 0),
                        OptionalLong.empty(),
                        bounds(spans),
                        gaps(gaps, lasts),
                        first == 0 ? OptionalLong.empty() : OptionalLong.of(first),
                        OptionalLong.of(END + first)));
    }

    private static List<long[]> bounds(List<Stretch> stretches) {
        List<long[]> bounds = new ArrayList<>();
        int at = 0;
        for (Stretch stretch : stretches) {
            at += stretch.skip();
            bounds.add(new long[] {at, at + stretch.length()});
            at += stretch.length();
        }
        return bounds;
    }

    private static List<Timeline.ShownGap> gaps(List<Stretch> stretches, boolean lasts) {
        List<Timeline.ShownGap> gaps = new ArrayList<>();
        List<long[]> bounds = bounds(stretches);
        for (int i = 0; i < bounds.size(); i++) {
            boolean open = lasts && i == bounds.size() - 1;
            gaps.add(new Timeline.ShownGap(
                    bounds.get(i)[0],
                    open ? OptionalLong.empty() : OptionalLong.of(bounds.get(i)[1]),
                    "disk_full",
                    "no space left"));
        }
        return gaps;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.motion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.playback.FakeArchive;
import org.nxvms.playback.thumbnail.Recorded;

/** Key frames are looked at once, and what is known of them is kept. */
class MotionReaderTest {
    private static final long START_US = 1_700_000_000_000_000L;

    private final FakeArchive archive = new FakeArchive();
    private final FakeLumas lumas = new FakeLumas();
    private final AtomicLong nowNs = new AtomicLong();
    private final MotionReader reader = new MotionReader(1 << 20, nowNs::get);

    private SegmentMotion all(Segment segment) throws DriverException {
        MotionReader.Further further = reader.further(archive, lumas, segment, SegmentMotion.UNKNOWN);
        while (further.more()) {
            further = reader.further(archive, lumas, segment, further.motion());
        }
        return further.motion();
    }

    /** {@return beginning and end in seconds, and height, of each step} */
    private static List<String> steps(SegmentMotion motion) {
        List<String> steps = new ArrayList<>();
        motion.heights((from, to, height) -> steps.add(
                (from - START_US) / 1_000_000 + "-" + (to - START_US) / 1_000_000 + (height > 0 ? " moves" : "")));
        return steps;
    }

    @Test
    void eachKeyFrameIsComparedWithTheOneBefore() throws Exception {
        lumas.blocks.addAll(List.of(4, 6));
        Segment segment = Recorded.seconds(archive, START_US, 11, false);
        SegmentMotion motion = all(segment);
        assertThat(steps(motion)).containsExactly("0-2", "2-4 moves", "4-6", "6-8 moves", "8-10");
        assertThat(motion.isWhole()).isTrue();
        List<Double> corner = new ArrayList<>();
        Cells cells = Cells.of(List.of(new Area(0, 0, 0.1, 0.2)));
        motion.grids(1, (from, to, grids, offset) -> corner.add(cells.changed(grids, offset)));
        assertThat(corner).hasSize(4).satisfies(steps -> {
            assertThat(steps.get(0)).isGreaterThan(5);
            assertThat(steps.get(1)).isZero();
            assertThat(steps.get(2)).isGreaterThan(5);
        });
    }

    @Test
    void whatIsKnownCostsNothingAndIsKeptWithinItsBound() throws Exception {
        Segment segment = Recorded.seconds(archive, START_US, 120, false);
        all(segment);
        assertThat(lumas.decoded).hasValue(60);
        assertThat(reader.known(segment.id()).isWhole()).isTrue();
        assertThat(all(segment).keys()).isEqualTo(60);
        assertThat(lumas.decoded).as("known").hasValue(60);

        reader.limit(10);
        assertThat(reader.known(segment.id()).keys()).isZero();
        assertThat(all(segment).keys())
                .as("who carries what was known needs no memory for it")
                .isEqualTo(60);
        assertThat(lumas.decoded).as("once more, each once").hasValue(120);
    }

    @Test
    void ofASegmentThatGrowsOnlyWhatIsNewIsLookedAt() throws Exception {
        Segment open = Recorded.seconds(archive, START_US, 10, true);
        assertThat(all(open).isWhole()).isFalse();
        assertThat(lumas.decoded).hasValue(5);
        MotionReader.Further again = reader.further(archive, lumas, open, SegmentMotion.UNKNOWN);
        assertThat(again.more()).isFalse();
        assertThat(again.motion().keys()).isEqualTo(5);
        assertThat(lumas.decoded).as("nothing came").hasValue(5);
    }

    @Test
    void picturesThatCannotBeDecodedAreComparedWithNone() throws Exception {
        lumas.broken.add(4);
        assertThat(steps(all(Recorded.seconds(archive, START_US, 11, false)))).containsExactly("0-2", "6-8", "8-10");
    }

    @Test
    void footageThatCannotBeReadIsNotTriedAgainAtOnce() throws Exception {
        Segment segment = Recorded.seconds(archive, START_US, 11, false);
        archive.locked.add(segment.id());
        assertThat(all(segment).keys()).isZero();
        assertThat(reader.isUnreadable(segment.id())).isTrue();
        archive.locked.clear();
        assertThat(all(segment).keys()).isZero();
        nowNs.addAndGet(180_000_000_000L);
        assertThat(all(segment).keys()).isEqualTo(6);
    }

    @Test
    void whoIsBusyIsAskedAgain() throws Exception {
        Segment segment = Recorded.seconds(archive, START_US, 11, false);
        lumas.busy = true;
        assertThatThrownBy(() -> all(segment)).isInstanceOfSatisfying(DriverException.class, e -> assertThat(e.kind())
                .isEqualTo(Kind.BUSY));
        lumas.busy = false;
        archive.busy = true;
        assertThatThrownBy(() -> all(segment)).isInstanceOfSatisfying(DriverException.class, e -> assertThat(e.kind())
                .isEqualTo(Kind.BUSY));
        archive.busy = false;
        assertThat(all(segment).isWhole()).isTrue();
    }
}

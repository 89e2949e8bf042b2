// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamFormat;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageBusyException;

/** Footage while the disk, the database and the archive are not always there: two segments that follow each other. */
class ArchiveSourceTest {
    private static final int PICTURES = 4 * Stage.GOP;
    private static final int ASKED_MAX = 10_000;

    private final Footage footage = new Footage().segment(2).segment(2);
    private final AtomicReference<Archive> archive = new AtomicReference<>(footage.archive());
    private final AtomicLong nowNs = new AtomicLong();
    private final ArchiveSource source = new ArchiveSource(
            archive::get,
            new ArchiveSource.Wish(
                    Stage.MAIN,
                    new StreamFormat(List.of(Stage.H264, Stage.G711)),
                    Stage.START_US,
                    Stage.START_US + PICTURES * Footage.PICTURE_US,
                    1),
            nowNs::get);
    private final Unit unit = new Unit();
    private final List<Integer> pictures = new ArrayList<>();
    private final List<Long> runs = new ArrayList<>();

    /** Takes pictures until there are so many, or it ends; {@return what it said last} */
    private int take(int count) {
        for (int asked = 0; asked < ASKED_MAX && pictures.size() < count; asked++) {
            int said = source.next(unit);
            if (said == Source.UNIT && unit.track == 0) {
                pictures.add(unit.bytes().getInt(6));
                runs.add(unit.run);
            } else if (said == Source.END || said == Source.FAILED) {
                return said;
            }
        }
        return Source.UNIT;
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    /** Each seventh of something goes wrong. */
    private void now(String call, Exception trouble) {
        AtomicInteger calls = new AtomicInteger();
        footage.trouble = called ->
                called.equals(call) && calls.incrementAndGet() % 7 == 0 ? Optional.of(trouble) : Optional.empty();
    }

    @Test
    void whenTheMemoryForEncryptedFootageIsTakenNothingIsLeftOut() {
        now("read", new FootageBusyException("there is no room"));

        assertThat(take(PICTURES + 1)).isEqualTo(Source.END);
        assertThat(pictures).isEqualTo(range(0, PICTURES));
        assertThat(runs).as("one section").containsOnly(1L);
    }

    @Test
    void aDatabaseThatIsAwayIsWaitedFor() {
        take(15);
        StoreException away = new StoreException("the database is not there", null);
        footage.trouble = call -> call.equals("read") ? Optional.empty() : Optional.of(away);
        take(2 * Stage.GOP);
        assertThat(source.next(unit)).as("at the border of the segments").isIn(Source.UNIT, Source.NOTHING);
        nowNs.addAndGet(ArchiveSource.PATIENCE_NS - 1);
        footage.trouble = call -> Optional.empty();

        assertThat(take(PICTURES + 1)).isEqualTo(Source.END);
        assertThat(pictures).isEqualTo(range(0, PICTURES));
        assertThat(runs).containsOnly(1L);
    }

    @Test
    void anArchiveThatIsExchangedGoesOnWithinTheGroupOfPictures() {
        take(7);
        archive.set(null);
        assertThat(source.next(unit)).isEqualTo(Source.NOTHING);
        archive.set(footage.exchanged());

        assertThat(take(PICTURES + 1)).isEqualTo(Source.END);
        assertThat(pictures).isEqualTo(range(0, PICTURES));
        assertThat(runs).containsOnly(1L);
    }

    /** Its file is closed before another archive is there to be asked. */
    @Test
    void aFileThatTheArchiveClosesIsOpenedAgain() {
        take(7);
        Archive next = footage.exchanged();
        assertThat(source.next(unit)).isEqualTo(Source.NOTHING);
        archive.set(next);

        assertThat(take(PICTURES + 1)).isEqualTo(Source.END);
        assertThat(pictures).isEqualTo(range(0, PICTURES));
    }

    @Test
    void whatIsAwayForLongIsNoEnd() {
        take(3);
        archive.set(null);
        assertThat(source.next(unit)).isEqualTo(Source.NOTHING);
        nowNs.addAndGet(ArchiveSource.PATIENCE_NS - 1);
        assertThat(source.next(unit)).isEqualTo(Source.NOTHING);
        nowNs.incrementAndGet();

        assertThat(source.next(unit)).isEqualTo(Source.FAILED);
        assertThat(source.end()).contains("30 s", "the archive is away");
    }

    @Test
    void aSegmentThatIsGoneIsAGapThatIsTold() {
        take(3);
        footage.trouble =
                call -> call.equals("read") ? Optional.of(new NoSuchFileException("expired")) : Optional.empty();
        assertThat(source.next(unit)).isEqualTo(Source.NOTHING);
        footage.trouble = call -> Optional.empty();

        assertThat(take(PICTURES + 1)).isEqualTo(Source.END);
        assertThat(pictures.subList(3, pictures.size())).isEqualTo(range(2 * Stage.GOP, PICTURES));
        assertThat(runs.get(3)).as("a section of its own").isGreaterThan(runs.get(2));
    }

    @Test
    void aSegmentWhoseIndexIsDamagedIsPassedOver() {
        AtomicInteger indexes = new AtomicInteger();
        footage.trouble = call -> call.equals("index") && indexes.getAndIncrement() == 0
                ? Optional.of(new IOException("no index"))
                : Optional.empty();

        assertThat(take(PICTURES + 1)).isEqualTo(Source.END);
        assertThat(pictures).isEqualTo(range(2 * Stage.GOP, PICTURES));
    }
}

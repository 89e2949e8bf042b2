// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.played;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamId;
import org.nxvms.playback.FakeArchive;

/** What is played where two streams are recorded. */
class PlayedPiecesTest {
    private static final long SECOND = 1_000_000;
    private static final long START = 1_700_000_000 * SECOND;

    private final FakeArchive archive = new FakeArchive();

    private static long at(int seconds) {
        return START + seconds * SECOND;
    }

    private void main(int from, int to) {
        archive.add(FakeArchive.segment(at(from), at(to), new UUID(0, 3), 0, "aa", false), List.of(), new byte[0]);
    }

    private void sub(int from, int to) {
        archive.addSub(at(from), at(to), false);
    }

    private List<String> pieces(int from, int to, int limit) {
        return PlayedPieces.of(archive, StreamWish.AUTO.of(FakeArchive.CAMERA), at(from), at(to), Long.MIN_VALUE, limit)
                .pieces()
                .stream()
                .map(PlayedPiecesTest::text)
                .toList();
    }

    private static String text(PlayedPieces.Piece piece) {
        return piece.segment().stream().role().id() + " " + (piece.startUs() - START) / SECOND + ".."
                + (piece.endUs() - START) / SECOND + (piece.open() ? " open" : "");
    }

    @Test
    void ofACameraThatRecordsOneStreamAllOfThatOneIsPlayed() {
        sub(0, 300);
        sub(300, 600);
        assertThat(pieces(100, 1_000, 10)).containsExactly("sub 0..300", "sub 300..600");
        main(2_000, 2_300);
        assertThat(pieces(2_100, 3_000, 10)).containsExactly("main 2000..2300");
    }

    @Test
    void theSubStreamStandsInWhereTheMainStreamHasAHole() {
        sub(0, 300);
        sub(300, 600);
        main(100, 130);
        main(400, 600);
        List<String> all = List.of("sub 0..100", "main 100..130", "sub 130..300", "sub 300..400", "main 400..600");
        assertThat(pieces(0, 1_000, 10)).isEqualTo(all);
        assertThat(pieces(200, 1_000, 10)).as("whatever it is asked by").isEqualTo(all.subList(2, 5));
        assertThat(pieces(110, 1_000, 2)).isEqualTo(all.subList(1, 3));
    }

    @Test
    void smallIsTheOtherWayRound() {
        sub(100, 200);
        main(0, 300);
        List<StreamId> streams = StreamWish.SMALL.of(FakeArchive.CAMERA);
        assertThat(PlayedPieces.of(archive, streams, at(0), at(1_000), Long.MIN_VALUE, 10)
                        .pieces())
                .extracting(PlayedPiecesTest::text)
                .containsExactly("main 0..100", "sub 100..200", "main 200..300");
    }

    @Test
    void aShortHoleIsNoneNorWhatOneStreamIsAheadOfTheOther() {
        sub(0, 600);
        main(5, 300);
        main(309, 595);
        assertThat(pieces(0, 1_000, 10)).containsExactly("main 5..300", "main 309..595");
        assertThat(pieces(595, 1_000, 10)).isEmpty();
    }

    @Test
    void whatGrowsIsOpenOnlyAtItsEnd() {
        archive.addSub(at(0), at(500), true);
        main(100, 200);
        assertThat(pieces(0, 1_000, 10)).containsExactly("sub 0..100", "main 100..200", "sub 200..500 open");
    }

    @Test
    void pagesGiveEachPieceOnceAndAreFullUpToTheLast() {
        for (int i = 0; i < 200; i++) {
            sub(i * 100, i * 100 + 100);
            if (i % 3 == 0) {
                main(i * 100 + 20, i * 100 + 50);
            } else if (i > 150) {
                main(i * 100, i * 100 + 100);
            }
        }
        List<String> whole = pieces(0, 20_000, 9_000);
        List<String> paged = new ArrayList<>();
        OptionalLong next = OptionalLong.of(Long.MIN_VALUE);
        while (next.isPresent()) {
            long begun = next.getAsLong();
            PlayedPieces.Page page = PlayedPieces.of(
                    archive, StreamWish.AUTO.of(FakeArchive.CAMERA), Math.max(at(0), begun), at(20_000), begun, 7);
            page.pieces().forEach(piece -> paged.add(text(piece)));
            next = page.nextUs();
            assertThat(page.pieces())
                    .hasSize(next.isPresent() ? 7 : page.pieces().size());
        }
        assertThat(paged).isEqualTo(whole).doesNotHaveDuplicates();
        assertThat(whole).contains("sub 0..20", "main 20..50", "sub 50..100", "sub 100..200", "main 15100..15200");
    }

    @Test
    void manyFilesUnderOneAreReadPast() {
        main(0, 5_000);
        for (int i = 0; i < 500; i++) {
            sub(i * 10, i * 10 + 10);
        }
        sub(5_000, 5_100);
        assertThat(pieces(0, 10_000, 3)).containsExactly("main 0..5000", "sub 5000..5100");
    }
}

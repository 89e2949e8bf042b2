// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.fmp4;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.TrackFormat;
import org.nxvms.media.kit.nal.TrackFormats;

/** A track leaves its stream and keeps its id. */
class OneTrackTest {
    private static final TrackFormat PICTURES = TrackFormats.mjpeg(640, 360);
    private static final TrackFormat SOUND = TrackFormats.opus(2);
    private static final StreamFormat BOTH = new StreamFormat(List.of(PICTURES, SOUND));

    /** {@return the id in the only box of a type, behind so many bytes of it} */
    private static int id(byte[] init, String type, int skipped) {
        int wanted = Boxes.type(type);
        ByteBuffer in = ByteBuffer.wrap(init);
        int found = -1;
        for (int at = 0; at + 4 <= init.length; at++) {
            if (in.getInt(at) == wanted) {
                assertThat(found).as("%s stands once", type).isEqualTo(-1);
                found = in.getInt(at + 4 + skipped);
            }
        }
        return found;
    }

    @Test
    void itsInitSegmentNamesItAloneUnderTheIdItHasBesideTheOthers() throws Exception {
        for (int number = 0; number < 2; number++) {
            byte[] init = InitSegment.ofTrack(BOTH, number);
            assertThat(InitReader.read(ByteBuffer.wrap(init)).format().tracks())
                    .containsExactly(BOTH.tracks().get(number));
            assertThat(id(init, "tkhd", 12)).isEqualTo(number + 1);
            assertThat(id(init, "trex", 4)).isEqualTo(number + 1);
        }
        assertThat(InitSegment.ofTrack(new StreamFormat(List.of(SOUND)), 0))
                .isEqualTo(InitSegment.build(new StreamFormat(List.of(SOUND))));
    }

    @Test
    void aPauseOfItIsAFragmentWithATimeAndNothingInIt() throws Exception {
        ByteBuffer pause = EmptyFragment.of(7, 1, 0x1_0000_0001L);
        int moof = pause.getInt(0);
        FragmentHeader header = FragmentHeader.parse(pause.slice(0, moof));
        assertThat(header.sequence()).isEqualTo(7);
        assertThat(header.tracks()).hasSize(1);
        assertThat(header.track(1).orElseThrow().count()).isZero();
        assertThat(pause.getLong(moof - 8)).isEqualTo(0x1_0000_0001L);
        assertThat(pause.getInt(moof)).isEqualTo(8);
        assertThat(pause.remaining()).isEqualTo(moof + 8);
    }
}

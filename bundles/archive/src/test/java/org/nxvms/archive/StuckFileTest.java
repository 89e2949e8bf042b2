// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Segment;

/** One file that the disk does not give up keeps nobody from making room. */
class StuckFileTest extends MoveStory {
    @Test
    void othersGoInItsPlaceAndItGoesWhenItCan() throws Exception {
        start(folder);
        use(a);
        List<Segment> segments = record(FootageTerms.days(30));
        long bytes = segments.get(0).sizeBytes();
        String stuck = segments.get(0).path();
        a.gate = (operation, path) -> {
            if (operation.equals("delete") && path.equals(stuck)) {
                throw new IOException("Operation not permitted");
            }
        };
        a.quota = OptionalLong.of(2 * bytes + 100);
        ArchiveHouse.await(() -> segments().size() == 2);
        a.quota = OptionalLong.of(bytes + 100);
        ArchiveHouse.await(() -> segments().size() == 1 && files(a).size() == 2);
        assertThat(files(a)).contains(stuck, segments.get(2).path());

        a.gate = (operation, path) -> {};
        ArchiveHouse.await(() -> files(a).equals(List.of(segments.get(2).path())));
        isSound();
    }
}

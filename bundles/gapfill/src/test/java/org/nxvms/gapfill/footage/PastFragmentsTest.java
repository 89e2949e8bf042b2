// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.footage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.nxvms.media.Codec;
import org.nxvms.media.TrackFormat;

/** A stream has one run in the past at a time: one that nobody holds would keep all others away. */
class PastFragmentsTest {
    private static final TrackFormat VIDEO =
            new TrackFormat(Codec.H264, 90_000, "avc1.640028", 1920, 1080, 0, 25, new byte[0]);

    @Test
    void whatCannotBeBegunOpensNoRun() {
        AtomicInteger opened = new AtomicInteger();
        List<ByteBuffer> broken = Collections.singletonList(null);

        assertThatThrownBy(() -> new PastFragments(
                        () -> {
                            opened.incrementAndGet();
                            throw new AssertionError("nobody would close it");
                        },
                        List.of(VIDEO),
                        1,
                        broken))
                .isInstanceOf(NullPointerException.class);
        assertThat(opened).hasValue(0);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** One at a time has a chunk, and none while somebody compares. */
class ChunkClaimsTest {
    private final UUID chunk = UUID.randomUUID();
    private final ChunkClaims claims = new ChunkClaims();

    @Test
    void whoComesSecondDoesNotGetItAndTakesItFromNobody() {
        assertThat(claims.claim(chunk)).isTrue();
        assertThat(claims.claim(chunk, () -> false)).isFalse();
        assertThat(claims.isClaimed(chunk)).isTrue();
        claims.release(chunk);
        assertThat(claims.claim(chunk, () -> false)).isTrue();
    }

    /** As one that asked a moment before whether he may, and stood still then. */
    @Test
    void whoClaimsWhileSomebodyComparesGivesItBackAtOnce() {
        AtomicBoolean seenByWhoCompares = new AtomicBoolean();
        assertThat(claims.claim(chunk, () -> {
                    seenByWhoCompares.set(claims.isClaimed(chunk));
                    return true;
                }))
                .isFalse();
        assertThat(seenByWhoCompares).as("claimed before it is asked").isTrue();
        assertThat(claims.isEmpty()).isTrue();
    }
}

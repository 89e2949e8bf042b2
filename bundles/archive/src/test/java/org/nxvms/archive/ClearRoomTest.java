// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.archive.FootageBusyException;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;

/** However many watch encrypted footage, and whatever its index claims: the heap is not theirs. */
class ClearRoomTest extends EncryptedHouse {
    /** By others: leaves room for few of the small fragments here. */
    private static final int TAKEN = FragmentCipher.FRAGMENT_BYTES_MAX - 10_000;

    private final ClearRoom room = new ClearRoom(0);

    @Test
    void viewersBeyondTheRoomAreTurnedAwayAndThoseThatAreThereGoOn() throws Exception {
        Segment segment = run.get(0);
        byte[] expected = served(segment.id());
        FragmentEntry first = house.footage.index(segment.id()).get(0);
        List<DecryptedReadable> viewers = new ArrayList<>();
        DecryptedReadable early = reader(segment);
        early.check(0);
        assertThat(room.taken()).as("before the head is promised").isGreaterThan(first.length());
        room.take(TAKEN);
        try {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1_000; i++) {
                            viewers.add(reader(segment));
                            viewers.get(i).check(first.offset());
                        }
                    })
                    .isInstanceOf(FootageBusyException.class)
                    .hasMessageContaining("try again");
            assertThat(viewers).hasSizeGreaterThan(1);
            assertThat(all(early, expected.length)).isEqualTo(expected);
        } finally {
            for (DecryptedReadable viewer : viewers) {
                viewer.close();
            }
        }
        early.close();
        assertThat(room.taken()).isEqualTo(TAKEN);
        room.give(TAKEN);
        assertThatThrownBy(() -> early.check(first.offset())).isInstanceOf(ClosedChannelException.class);
        assertThat(room.taken()).as("a late read takes nothing").isZero();
    }

    @Test
    void alteredFootageLeavesNothingTaken() throws Exception {
        Segment segment = run.get(1);
        FragmentEntry first = house.footage.index(segment.id()).get(0);
        alter(file(segment), first.offset() + first.length() - 1);
        try (DecryptedReadable reader = reader(segment)) {
            assertThatThrownBy(() -> reader.check(first.offset())).isInstanceOf(FootageDamagedException.class);
        }
        assertThat(room.taken()).isZero();
    }

    @Test
    void anIndexThatClaimsMoreThanARecorderWritesIsNotBelieved() throws Exception {
        Segment segment = run.get(0);
        FragmentEntry one = house.footage.index(segment.id()).get(0);
        int claimed = FragmentCipher.FRAGMENT_BYTES_MAX + 1;
        FragmentEntry huge =
                new FragmentEntry(one.offset(), claimed, one.startUs(), one.durationUs(), one.key(), one.accessUnits());
        ChunkKey key = house.archive
                .ciphers()
                .open(
                        ChunkReader.read(house.disk, segment.path())
                                .orElseThrow()
                                .encrypted()
                                .orElseThrow(),
                        segment.path());
        try (DecryptedReadable reader = new DecryptedReadable(
                house.disk.read(segment.path()), key, one.offset(), offset -> Optional.of(huge), room)) {
            assertThatThrownBy(() -> reader.check(one.offset()))
                    .isInstanceOf(FootageDamagedException.class)
                    .hasMessageContaining("claims a fragment of " + claimed);
        }
    }

    private DecryptedReadable reader(Segment segment) throws IOException {
        return (DecryptedReadable)
                new ClearFootage(house.archive.ciphers(), room).sealed(segment, house.disk.read(segment.path()));
    }

    private static byte[] all(DecryptedReadable reader, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length);
        while (target.hasRemaining() && reader.read(target, target.position()) > 0) {
            // until all is read
        }
        return target.array();
    }
}

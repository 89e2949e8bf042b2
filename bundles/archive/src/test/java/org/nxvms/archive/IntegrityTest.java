// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.platform.api.archive.ArchiveKeys;
import org.nxvms.platform.api.archive.ArchiveMaintenance.Report;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;

/** Whoever alters, exchanges or takes away footage behind the server's back is found out, and told where. */
class IntegrityTest {
    @TempDir
    Path folder;

    private ArchiveHouse house;
    private List<Segment> run;

    @BeforeEach
    void record() throws Exception {
        house = new ArchiveHouse(folder, new ArchiveSettings(3, 256 << 20, 5, 1, 24, 5));
        run = house.record(CAMERA, T0, 16);
        assertThat(run).hasSize(4);
    }

    @AfterEach
    void close() {
        house.close();
    }

    private Report check() {
        return house.archive.check(true, progress -> {});
    }

    private Path file(int chunk) {
        return folder.resolve("archive").resolve(run.get(chunk).path());
    }

    private void alter(Path file, long at) throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) at] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void whatTheServerSealedIsSoundAlsoAfterItsKeyWasChanged() throws Exception {
        assertThat(check().problems()).isEmpty();
        String before = house.archive.keys().publicKeys().get(0).id();
        String after = house.archive.keys().rotate();
        house.record(CAMERA, T0 + 60 * SECOND_US, 8);

        assertThat(house.archive.keys().publicKeys())
                .extracting(ArchiveKeys.Key::id)
                .containsExactlyInAnyOrder(before, after);
        assertThat(check().problems()).isEmpty();
        house.stop();
        house.start();
        assertThat(check().problems()).as("a new process finds its keys").isEmpty();
        assertThat(Files.getPosixFilePermissions(folder.resolve("keys/archive/signing.key")))
                .hasSize(2);
    }

    @Test
    void anAlteredByteIsFoundWithItsRange() throws Exception {
        FragmentEntry third = house.footage.index(run.get(1).id()).get(2);
        alter(file(1), third.offset() + third.length() - 1);

        assertThat(check().examples())
                .containsExactly("footage altered: " + run.get(1).path() + ": bytes " + third.offset() + ".."
                        + (third.offset() + third.length() - 1));
    }

    @Test
    void anAlteredHeadIsFound() throws Exception {
        alter(file(2), 20);
        assertThat(check().problems()).containsEntry("footage altered", 1L);
    }

    @Test
    void aMissingChunkIsFoundInTheMiddleAndAtTheEndOfItsRun() throws Exception {
        Files.delete(file(1));
        house.index.rows.remove(run.get(1).id());
        assertThat(check().examples())
                .containsExactly("chunk missing from its run: numbers 1..1 before "
                        + run.get(2).path());

        Files.delete(file(3));
        house.index.rows.remove(run.get(3).id());
        assertThat(check().examples())
                .contains("chunk missing from its run: number 3 behind "
                        + run.get(2).path());

        Files.delete(file(0));
        house.index.rows.remove(run.get(0).id());
        assertThat(check().examples())
                .contains("chunk missing from its run: numbers 0..1 before "
                        + run.get(2).path());
    }

    @Test
    void aChunkOfAnotherRunInAChunksPlaceIsFound() throws Exception {
        List<Segment> other = house.record(CAMERA, T0 + 100 * SECOND_US, 8);
        Files.copy(
                folder.resolve("archive").resolve(other.get(1).path()),
                file(1),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(check().problems()).containsKey("file damaged");
    }

    @Test
    void aForgedHashDoesNotHideAnAlteredByte() throws Exception {
        byte[] bytes = Files.readAllBytes(file(3));
        ChunkReader.Sealed sealed =
                ChunkReader.read(house.disk, run.get(3).path()).orElseThrow();
        long at = sealed.entries().get(0).offset() + sealed.entries().get(0).bytes() - 1;
        bytes[(int) at] ^= 1;
        // The forger writes the right hashes and the right root, but cannot sign.
        HashChain chain = new HashChain(sealed.previousRoot());
        byte[] hash = new byte[HashChain.HASH_BYTES];
        java.security.MessageDigest sha = java.security.MessageDigest.getInstance("SHA-256");
        int first = (int) sealed.entries().get(0).offset();
        chain.chain(sha.digest(Arrays.copyOfRange(bytes, 0, first)), 0);
        for (var entry : sealed.entries()) {
            int from = (int) entry.offset();
            hash = sha.digest(Arrays.copyOfRange(bytes, from, from + entry.bytes()));
            replace(bytes, entry.hash(), hash);
            chain.chain(hash, 0);
        }
        replace(bytes, sealed.checkpoint().root(), chain.root());
        Files.write(file(3), bytes);
        house.archive.rebuild(progress -> {});

        assertThat(check().problems()).containsOnlyKeys("checkpoint not genuine");
    }

    private static void replace(byte[] in, byte[] what, byte[] with) {
        for (int i = 0; i + what.length <= in.length; i++) {
            if (Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
                System.arraycopy(with, 0, in, i, with.length);
            }
        }
    }

    @Test
    void whatRetentionRemovedIsNotMissing() throws Exception {
        Segment oldest = run.get(0);
        house.archive.ledger().removed(CAMERA, oldest.startUs(), oldest.endUs(), Optional.empty());
        Files.delete(file(0));
        house.index.rows.remove(run.get(0).id());
        house.settled();
        assertThat(check().problems()).isEmpty();
    }

    @Test
    void aKilledServersFootageIsSignedWhenItIsRepaired() throws Exception {
        var open = house.open(CAMERA, T0 + 200 * SECOND_US);
        for (int i = 0; i < 3; i++) {
            ArchiveHouse.append(open, T0 + 200 * SECOND_US, i);
        }
        house.kill();
        house.start();
        house.settled();
        assertThat(house.segments(CAMERA, T0 + 200 * SECOND_US, T0 + 203 * SECOND_US))
                .hasSize(1);
        assertThat(check().problems()).isEmpty();
    }

    @Test
    void aRunThatIsStillRecordedMissesNothing() throws Exception {
        var open = house.open(CAMERA, T0 + 200 * SECOND_US);
        for (int i = 0; i < 8; i++) {
            ArchiveHouse.append(open, T0 + 200 * SECOND_US, i);
        }
        ArchiveHouse.await(() -> house.index.rows.size() == 5);
        assertThat(check().problems()).isEmpty();
        open.close();
    }

    @Test
    void withoutItsPublicKeyFootageIsNotBelieved() throws Exception {
        String id = house.archive.keys().publicKeys().get(0).id();
        Files.delete(folder.resolve("keys/archive/" + id + ".pub"));
        assertThat(check().problems()).containsEntry("signed by an unknown key", 4L);
    }
}

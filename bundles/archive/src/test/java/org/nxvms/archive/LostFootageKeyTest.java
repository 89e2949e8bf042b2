// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.archive.ArchiveHouse.T0;
import static org.nxvms.archive.Footage.CAMERA;
import static org.nxvms.archive.Footage.SECOND_US;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.platform.api.archive.FootageKeyMissingException;
import org.nxvms.platform.api.archive.FootageSink.RefusedException;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.health.HealthCheck.Status;
import org.nxvms.storage.file.FileVolume;
import org.nxvms.storage.spi.Volume;

/** Without its key footage is kept, counted and verified; it cannot be seen, and nothing is recorded in the clear. */
class LostFootageKeyTest extends EncryptedHouse {
    private static final StreamId OTHER = StreamId.main(UUID.fromString("22222222-2222-4333-8444-555555555555"));

    private Path lost;
    private Path away;

    /** The server starts without it. */
    private void loseTheKey() throws Exception {
        lost = keyFile();
        away = folder.resolve("away");
        house.stop();
        Files.move(lost, away);
        house.begin();
        ArchiveHouse.await(() -> !trouble().isEmpty()
                && house.archive.footageVolumes().iterator().next().isStarted());
    }

    private String trouble() {
        return house.footage.volumes().get(0).encryptionTrouble();
    }

    @Test
    void whoeverAsksForItIsToldWhichFileToPutBack() throws Exception {
        loseTheKey();
        Segment segment = run.get(0);
        assertThatThrownBy(() -> house.footage.open(segment.id()))
                .isInstanceOf(FootageKeyMissingException.class)
                .hasMessageContaining(segment.path())
                .hasMessageContaining(lost.toString())
                .hasMessageContaining("kept as it is");
        assertThat(house.footage.index(segment.id())).hasSize(CHUNK_SECONDS);
        assertThat(house.footage.init(segment.initId())).isPresent();

        Files.move(away, lost);
        assertThat(allServedAsSent()).as("as soon as it is back").isTrue();
    }

    @Test
    void itsChainIsVerifiedAndTheMissingKeyIsTold() throws Exception {
        loseTheKey();
        assertThat(house.archive.check(true, progress -> {}).problems())
                .isEqualTo(Map.of("key of encrypted footage missing", 4L));
        var before = new TreeMap<>(house.index.rows);
        house.index.rows.clear();
        house.archive.rebuild(progress -> {});
        assertThat(new TreeMap<>(house.index.rows)).isEqualTo(before);
        alter(file(run.get(1)), house.footage.index(run.get(1).id()).get(2).offset() + 500);
        assertThat(house.archive.check(true, progress -> {}).problems()).containsEntry("footage altered", 1L);
    }

    @Test
    void whileTheFolderOfKeysIsAwayRecordingGoesOnWithTheKeyInMemoryAndHealthSaysSo() throws Exception {
        long from = T0 + 100 * SECOND_US;
        Path keys = keyring().folder();
        away = folder.resolve("away");
        var health = new VolumesHealth(house.archive);
        try (var open = house.open(CAMERA, from)) {
            ArchiveHouse.append(open, from, 0);
            Files.move(keys, away);
            ArchiveHouse.await(() -> health.check().status() == Status.DEGRADED);
            assertThat(health.check().detail())
                    .contains(keys.toString())
                    .contains("in memory only")
                    .contains("--rotate");
            assertThat(trouble()).contains(keys.toString());
            assertThat(allServedAsSent()).as("what is there, too").isTrue();
            assertThat(house.archive.volumeFor(CAMERA, FootageTerms.days(30))).isEqualTo("main");
            for (int second = 1; second < 2 * CHUNK_SECONDS; second++) {
                ArchiveHouse.append(open, from, second);
            }
            try (var another = house.open(OTHER, from)) {
                ArchiveHouse.append(another, from, 0);
            }
            Files.move(away, keys);
            ArchiveHouse.await(() -> health.check().status() == Status.UP);
            assertThat(trouble()).isEmpty();
        }
        house.settled();
        var recorded = house.segments(CAMERA, from, from + 2 * CHUNK_SECONDS * SECOND_US);
        assertThat(recorded).as("one run, chunk by chunk").hasSize(2);
        assertThat(recorded.stream().map(Segment::runId).distinct()).hasSize(1);
        assertThat(house.archive.check(true, progress -> {}).problems())
                .as("all of it opens with its key")
                .isEmpty();
    }

    @Test
    void aServerThatStartsWithoutItRecordsNothingOnTheVolumeUntilItIsBackOrAnotherIsMade() throws Exception {
        loseTheKey();
        assertThatThrownBy(() -> house.archive.volumeFor(CAMERA, FootageTerms.days(30)))
                .isInstanceOfSatisfying(RefusedException.class, why -> {
                    assertThat(why.gapCause()).isEqualTo(GapCause.VOLUME_ABSENT);
                    assertThat(why).hasMessageContaining(lost.toString()).hasMessageContaining("--rotate");
                });
        assertThat(new VolumesHealth(house.archive).check().detail()).contains(lost.toString());
        house.settled();
        int chunks = house.chunkFiles().size();

        keyring().rotate();
        ArchiveHouse.await(() -> trouble().isEmpty());
        house.record(CAMERA, T0 + 200 * SECOND_US, 2);
        assertThat(house.chunkFiles()).hasSize(chunks + 1);
        house.settledGaps();
        assertThat(house.archive.check(false, progress -> {}).problems())
                .isEqualTo(Map.of("key of encrypted footage missing", 4L));
    }

    @Test
    void streamsGoToAnotherVolumeThatTakesThem() throws Exception {
        loseTheKey();
        try (FileVolume second = new FileVolume(new FileVolume.Settings(
                "second", folder.resolve("second"), 0, 0, -1, true, ArchiveHouse.SERVER, folder.resolve("volumes")))) {
            second.checkNow();
            house.archive.addVolume(second, Map.of());
            ArchiveHouse.await(() -> house.archive.footageVolumes().stream()
                    .anyMatch(volume -> volume.refusal().isEmpty()));
            assertThat(house.archive.volumeFor(CAMERA, FootageTerms.days(30))).isEqualTo("second");
            house.archive.removeVolume(second);
        }
    }

    @Test
    void keysThatWouldLieOnTheVolumeAreRefusedAndNotMade() {
        FootageCiphers ciphers = new FootageCiphers(new FootageKeyring(folder.resolve("thief/keys/footage")));
        try (FileVolume all = new FileVolume(new FileVolume.Settings(
                "all",
                folder.resolve("thief"),
                0,
                0,
                -1,
                true,
                ArchiveHouse.SERVER,
                folder.resolve("volumes"),
                Volume.WEIGHT_DEFAULT,
                false,
                FootageEncryption.AES_256_GCM))) {
            all.checkNow();
            var trouble = ciphers.trouble(all).orElseThrow();
            assertThat(trouble.refuses()).isTrue();
            assertThat(trouble.what())
                    .contains("would lie on the volume itself")
                    .contains("give the volume another folder");
            assertThat(folder.resolve("thief/keys")).doesNotExist();
            assertThat(house.archive.ciphers().trouble(house.disk)).isEmpty();
        }
    }
}

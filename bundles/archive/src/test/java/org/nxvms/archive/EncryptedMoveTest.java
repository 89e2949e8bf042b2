// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.platform.api.archive.Segment;

/** Encrypted footage moves byte by byte, needs no key for that, and is seen wherever it lies afterwards. */
class EncryptedMoveTest extends MoveStory {
    @Test
    void whatWasRecordedEncryptedStaysSoOnAVolumeThatIsNot() throws Exception {
        start(folder);
        a.encrypted = true;
        use(a);
        record(FootageTerms.days(30));
        Map<UUID, ByteBuffer> served = bytes();
        Segment first = segments().get(0);
        byte[] stored = Files.readAllBytes(folder.resolve("a").resolve(first.path()));
        FootageKeyring keyring = archive.ciphers().keyring();
        Path key = keyring.file(keyring.current().name());
        Path away = Files.move(key, folder.resolve("away"));

        use(b);
        a.retired = true;
        ArchiveHouse.await(() -> files(a).isEmpty() && allOn(b));
        assertThat(Files.readAllBytes(folder.resolve("b").resolve(first.path())))
                .isEqualTo(stored);
        Files.move(away, key);
        assertThat(bytes()).isEqualTo(served);
        assertThat(ByteBuffer.wrap(stored)).isNotEqualTo(served.get(first.id()));
        isSound();
    }

    @Test
    void whatIsInTheClearGoesHomeToAnEncryptedVolumeOnlyWhenItsOwnIsRetired() throws Exception {
        start(folder);
        use(a);
        FootageTerms home = new FootageTerms(0, 30, List.of("b"));
        record(home);
        Map<UUID, ByteBuffer> plain = bytes();
        AtomicInteger looks = new AtomicInteger();
        a.readGate = (operation, path) -> {
            if (path.endsWith(".mp4")) {
                looks.incrementAndGet();
            }
        };
        b.encrypted = true;
        use(b);
        ArchiveHouse.await(() -> looks.get() >= 3);
        // Another walk, at whose end what the first one had begun would have arrived.
        looks.set(0);
        archive.volumeFor(Footage.CAMERA, FootageTerms.days(30));
        archive.volumeFor(Footage.CAMERA, home);
        ArchiveHouse.await(() -> looks.get() >= 3);
        assertThat(files(a)).hasSize(3);
        assertThat(files(b)).isEmpty();

        a.retired = true;
        ArchiveHouse.await(() -> files(a).isEmpty() && allOn(b));
        assertThat(bytes()).isEqualTo(plain);
        isSound();
    }
}

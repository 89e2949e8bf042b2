// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
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
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.UUID;
import org.nxvms.platform.api.archive.FootageKeys;
import org.nxvms.platform.api.archive.Segment;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The service in front of {@link FootageKeyring}. */
@Component(service = FootageKeys.class)
public final class ArchiveFootageKeys implements FootageKeys {
    private final ChunkArchive archive;

    @Activate
    public ArchiveFootageKeys(@Reference ChunkArchive archive) {
        this.archive = archive;
    }

    private FootageKeyring keyring() {
        return archive.ciphers().keyring();
    }

    @Override
    public List<Key> keys() throws IOException {
        return keyring().keys().stream().map(this::shown).toList();
    }

    private Key shown(FootageKeyring.Key key) {
        return new Key(key.name(), key.created(), keyring().isCurrent(key));
    }

    @Override
    public Key rotate() throws IOException {
        return shown(archive.ciphers().rotate());
    }

    @Override
    public byte[] segmentKey(UUID segmentId) throws IOException {
        Segment segment = new ArchiveReader(archive)
                .segment(segmentId)
                .orElseThrow(() -> new NoSuchFileException("segment " + segmentId + " is gone"));
        FootageVolume volume = archive.footageVolumes().stream()
                .filter(one -> one.volume().id().equals(segment.volumeId()))
                .findFirst()
                .orElseThrow(() -> new IOException("the volume of " + segment.path() + " is not there; mount it"));
        try (ReadableChannel file = new ReadableChannel(volume.volume().read(segment.path()))) {
            ChunkBoxes.Encrypted box = ChunkReader.head(file, segment.path())
                    .encrypted()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "segment " + segmentId + " is not encrypted; it can be verified as it is"));
            return archive.ciphers().open(box, segment.path()).bytes();
        }
    }
}

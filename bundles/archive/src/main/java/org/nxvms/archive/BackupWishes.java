// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.FootageTerms;
import org.nxvms.storage.spi.Volume;

/** Which streams wish a copy, which of the backup volumes that they name makes it, and from where. Any thread. */
final class BackupWishes {
    private final Supplier<Collection<FootageVolume>> volumes;
    private final Map<StreamId, List<String>> wishes = new ConcurrentHashMap<>();

    BackupWishes(Supplier<Collection<FootageVolume>> volumes) {
        this.volumes = volumes;
    }

    /** {@return whether it is another wish than before} */
    boolean put(StreamId stream, FootageTerms terms) {
        List<String> before = terms.backups().isEmpty() ? wishes.remove(stream) : wishes.put(stream, terms.backups());
        return !terms.backups().equals(before == null ? List.of() : before);
    }

    boolean has(StreamId stream) {
        return wishes.containsKey(stream);
    }

    Set<StreamId> streams() {
        return wishes.keySet();
    }

    /** {@return whether the volume is the first of those the stream names that can} */
    boolean isServedBy(FootageVolume target, StreamId stream) {
        return server(stream).filter(target::equals).isPresent();
    }

    /** {@return streams that wish a copy and name no volume that can make one now} */
    List<StreamId> unserved() {
        return wishes.keySet().stream()
                .filter(stream -> server(stream).isEmpty())
                .toList();
    }

    private Optional<FootageVolume> server(StreamId stream) {
        Collection<FootageVolume> all = volumes.get();
        return wishes.getOrDefault(stream, List.of()).stream()
                .flatMap(name -> all.stream().filter(volume -> volume.name().equals(name)))
                .filter(volume -> volume.volume().isBackup() && volume.refusal().isEmpty())
                .findFirst();
    }

    static boolean isReadable(FootageVolume volume) {
        Volume.Status status = volume.volume().status();
        return volume.isStarted() && (status == Volume.Status.READY || status == Volume.Status.READ_ONLY);
    }

    /** {@return whether nothing hides on a volume that is away} */
    boolean areAllThere() {
        return volumes.get().stream().allMatch(BackupWishes::isReadable);
    }

    /** {@return volumes that can be read now} */
    Set<UUID> readable() {
        return volumes.get().stream()
                .filter(BackupWishes::isReadable)
                .map(one -> one.volume().id())
                .collect(Collectors.toSet());
    }

    List<UUID> backupIds() {
        return volumes.get().stream()
                .map(FootageVolume::volume)
                .filter(Volume::isBackup)
                .map(Volume::id)
                .toList();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.nxvms.storage.spi.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The volumes in use, by name. A second service of a name waits until the first is gone: two back ends side by side,
 * while one replaces the other, or a name given twice by mistake. A folder that is configured under two names is used
 * under the first. Services come and go on their own threads, one at a time here; looking is free.
 */
final class VolumeSet {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeSet.class);

    private final BiFunction<Volume, String, FootageVolume> maker;
    private final Function<FootageVolume, List<VolumeTask>> tasks;
    /** In order of arrival; guarded by this. */
    private final List<Offered> offered = new ArrayList<>();

    private volatile Map<String, Used> used = Map.of();
    // The same for those who look with each fragment, or each few seconds for each stream.
    private volatile List<FootageVolume> all = List.of();
    private volatile List<FootageVolume> recording = List.of();

    private record Offered(Volume volume, String kind) {}

    private record Used(FootageVolume footage, List<VolumeTask> tasks) {}

    VolumeSet(BiFunction<Volume, String, FootageVolume> maker, Function<FootageVolume, List<VolumeTask>> tasks) {
        this.maker = maker;
        this.tasks = tasks;
    }

    synchronized void add(Volume volume, String kind) {
        offered.add(new Offered(volume, kind));
        if (used.containsKey(volume.name())) {
            LOG.warn(
                    "Volume {} at {} is not used while there is another of that name at {}; give each its own name",
                    volume.name(),
                    volume.location(),
                    used.get(volume.name()).footage().volume().location());
        }
        useFirst(volume.name());
    }

    synchronized void remove(Volume volume) {
        offered.removeIf(one -> one.volume() == volume);
        Used inUse = used.get(volume.name());
        if (inUse != null && inUse.footage().volume() == volume) {
            Map<String, Used> less = new LinkedHashMap<>(used);
            less.remove(volume.name());
            use(less);
            close(inUse);
            useFirst(volume.name());
        }
    }

    private void useFirst(String name) {
        Optional<Offered> first =
                offered.stream().filter(one -> one.volume().name().equals(name)).findFirst();
        if (first.isEmpty() || used.containsKey(name)) {
            return;
        }
        FootageVolume footage = maker.apply(first.get().volume(), first.get().kind());
        List<VolumeTask> itsTasks = tasks.apply(footage);
        Map<String, Used> more = new LinkedHashMap<>(used);
        more.put(name, new Used(footage, itsTasks));
        use(more);
        footage.start();
        itsTasks.forEach(VolumeTask::start);
    }

    private void use(Map<String, Used> now) {
        used = now;
        all = now.values().stream().map(Used::footage).toList();
        recording = all.stream().filter(one -> !one.volume().isBackup()).toList();
    }

    private static void close(Used gone) {
        gone.footage().leave();
        gone.tasks().forEach(VolumeTask::stop);
        gone.tasks().forEach(VolumeTask::close);
        gone.footage().close();
    }

    /** Any thread. */
    List<FootageVolume> all() {
        return all;
    }

    Optional<FootageVolume> named(String name) {
        return Optional.ofNullable(used.get(name)).map(Used::footage);
    }

    Optional<FootageVolume> identified(UUID id) {
        return all().stream().filter(one -> one.volume().id().equals(id)).findFirst();
    }

    /** {@return the volume that was there before and holds the very same identity, hence the same folder} */
    Optional<FootageVolume> twinOf(FootageVolume volume) {
        for (FootageVolume other : all()) {
            if (other == volume) {
                return Optional.empty();
            }
            if (other.volume().id().equals(volume.volume().id())) {
                return Optional.of(other);
            }
        }
        return Optional.empty();
    }

    /** {@return those that take footage; the others hold copies} */
    List<FootageVolume> recording() {
        return recording;
    }

    /** {@return whether the volume is retired or for copies, and another takes what is new} */
    boolean isReplaced(FootageVolume volume) {
        return (volume.volume().isRetired() || volume.volume().isBackup())
                && recording().stream()
                        .anyMatch(other ->
                                !other.volume().isRetired() && other.refusal().isEmpty());
    }

    /** {@return services that wait for another of their name to go} */
    synchronized List<Volume> waiting() {
        return offered.stream()
                .map(Offered::volume)
                .filter(volume -> used.get(volume.name()).footage().volume() != volume)
                .toList();
    }

    /** Ends all; waits for what can be sealed in order. */
    synchronized void close() {
        used.values().forEach(one -> one.footage().leave());
        used.values().forEach(one -> one.tasks().forEach(VolumeTask::stop));
        used.values().forEach(VolumeSet::close);
    }
}

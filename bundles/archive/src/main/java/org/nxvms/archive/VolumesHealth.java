// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.Map;
import java.util.TreeMap;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.storage.spi.Volume;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Health part {@code volumes}: whether footage has a place to go. */
@Component(service = HealthCheck.class)
public final class VolumesHealth implements HealthCheck {
    private final ChunkArchive archive;

    @Activate
    public VolumesHealth(@Reference ChunkArchive archive) {
        this.archive = archive;
    }

    @Override
    public String name() {
        return "volumes";
    }

    @Override
    public Result check() {
        Map<String, Object> figures = new TreeMap<>();
        StringBuilder trouble = new StringBuilder();
        int usable = 0;
        for (FootageVolume volume : archive.footageVolumes()) {
            var refusal = volume.refusal();
            figures.put(volume.volume().name(), volume.volume().status().name());
            volume.space().ifPresent(space -> figures.put(volume.volume().name() + "FreeBytes", space.usableBytes()));
            if (refusal.isPresent()) {
                trouble.append(trouble.isEmpty() ? "" : "; ")
                        .append(refusal.get().getMessage());
            } else {
                usable++;
            }
            var setAside = volume.setAside();
            if (!setAside.isEmpty()) {
                trouble.append(trouble.isEmpty() ? "" : "; ")
                        .append("volume ")
                        .append(volume.name())
                        .append(": ")
                        .append(setAside.size())
                        .append(" chunks could not be sealed and are left to the next start, the first ")
                        .append(setAside.iterator().next().path())
                        .append("; check the disk and start the server again");
            }
        }
        for (Volume second : archive.waitingVolumes()) {
            trouble.append(trouble.isEmpty() ? "" : "; ")
                    .append("volume ")
                    .append(second.name())
                    .append(" is configured twice; the one at ")
                    .append(second.location())
                    .append(" is not used, give it another name");
        }
        if (usable == 0) {
            return new Result(
                    Status.DOWN,
                    trouble.isEmpty()
                            ? "no volume is configured; add etc/org.nxvms.storage.file~NAME.cfg"
                            : trouble.toString(),
                    figures);
        }
        return new Result(trouble.isEmpty() ? Status.UP : Status.DEGRADED, trouble.toString(), figures);
    }
}

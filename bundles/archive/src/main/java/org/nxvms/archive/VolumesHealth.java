// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.nxvms.media.GapCause;
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
        Result result = new Result(Status.UP, "", figures);
        int usable = 0;
        for (FootageVolume volume : archive.footageVolumes()) {
            String name = volume.volume().name();
            figures.put(name, volume.volume().status().name());
            volume.space().ifPresent(space -> figures.put(name + "FreeBytes", space.usableBytes()));
            var refusal = volume.refusal();
            if (refusal.isPresent()) {
                result = worse(result, refusal.get().getMessage())
                        .found(
                                "volume_refuses",
                                Map.of(
                                        "volume",
                                        name,
                                        "cause",
                                        word(refusal.get().gapCause())));
            } else {
                usable += volume.volume().isBackup() ? 0 : 1;
                var trouble = volume.fitness().encryptionTrouble();
                if (trouble.isPresent()) {
                    result = worse(
                                    result,
                                    "volume " + name + ": " + trouble.get().what())
                            .found("footage_key_in_memory", Map.of("volume", name));
                }
            }
            var setAside = volume.setAside().stream().map(OpenChunk::path).toList();
            result = left(
                    result,
                    name,
                    setAside,
                    "could not be sealed (the next start tries again)",
                    "check the disk and start the server again",
                    "chunks_set_aside");
            result = left(
                    result,
                    name,
                    volume.leftAlone(),
                    "damaged before the last start (left as found)",
                    "see After trouble in docs/operations.md",
                    "chunks_damaged");
        }
        for (Volume second : archive.waitingVolumes()) {
            result = worse(
                            result,
                            "volume " + second.name() + " is configured twice; the one at " + second.location()
                                    + " is not used, give it another name")
                    .found("volume_twice", Map.of("volume", second.name(), "location", second.location()));
        }
        for (EarlyRemovals.Early early : archive.care().retention().early().goingOn()) {
            result = early(result, early);
        }
        if (usable == 0 && result.status() == Status.UP) {
            result = worse(result, "no volume is configured; add etc/org.nxvms.storage.file~NAME.cfg")
                    .found("no_volume");
        }
        Status status = usable == 0 ? Status.DOWN : result.status();
        return new Result(status, result.detail(), figures, result.findings());
    }

    private Result early(Result before, EarlyRemovals.Early early) {
        EarlyRemovals.OfCamera worst = early.cameras().get(0);
        String camera = archive.care().retention().early().teller().name(worst.cameraId());
        long days = worst.reachDays(early.nowUs());
        int others = early.cameras().size() - 1;
        return worse(
                        before,
                        "volume " + early.volume() + " is too small: footage of camera " + camera
                                + " reaches back only " + days + " of the " + worst.retentionDaysMax()
                                + " days asked for"
                                + (others > 0 ? ", that of " + others + " more not as far as asked either" : "")
                                + "; add a volume, give it more room, or keep footage for fewer days"
                                + " (recording.retentionDaysMax)")
                .found(
                        "footage_removed_early",
                        Map.of(
                                "volume",
                                early.volume(),
                                "camera",
                                camera,
                                "days",
                                days,
                                "retentionDaysMax",
                                worst.retentionDaysMax(),
                                "count",
                                early.cameras().size()));
    }

    private static Result left(
            Result before, String volume, Collection<String> paths, String what, String remedy, String code) {
        if (paths.isEmpty()) {
            return before;
        }
        String first = paths.iterator().next();
        return worse(
                        before,
                        "volume " + volume + ": " + Trouble.chunks(paths.size()) + " " + what + ", the first " + first
                                + "; " + remedy)
                .found(code, Map.of("volume", volume, "count", paths.size(), "first", first));
    }

    /** {@return the result with another sentence} */
    private static Result worse(Result before, String sentence) {
        String detail = before.detail().isEmpty() ? sentence : before.detail() + "; " + sentence;
        return new Result(Status.DEGRADED, detail, before.figures(), before.findings());
    }

    private static String word(GapCause cause) {
        return cause.name().toLowerCase(Locale.ROOT);
    }
}

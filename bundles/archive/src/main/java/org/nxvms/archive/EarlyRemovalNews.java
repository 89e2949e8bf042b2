// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Collectors;
import org.nxvms.archive.EarlyRemovals.Early;
import org.nxvms.archive.EarlyRemovals.OfCamera;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.EarlyRemoval;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Says as an event what {@link EarlyRemovals} found, and counts it for the metrics. */
@Component(service = EarlyRemoval.class)
public final class EarlyRemovalNews implements EarlyRemoval, EarlyRemovals.Teller {
    /** Cameras that a sentence names. */
    private static final int NAMED_MAX = 5;

    private final EarlyRemovals early;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile EventPublisher publisher;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile CameraRegistry cameras;

    @Activate
    public EarlyRemovalNews(@Reference ChunkArchive archive) {
        this.early = archive.care().retention().early();
        early.teller(this);
    }

    /** In the place of the service component runtime. */
    void services(EventPublisher publisherNow, CameraRegistry camerasNow) {
        publisher = publisherNow;
        cameras = camerasNow;
    }

    @Deactivate
    public void close() {
        early.forget(this);
    }

    @Override
    public List<OfVolume> totals() {
        return early.totals();
    }

    @Override
    public boolean tell(Early gone) {
        EventPublisher now = publisher;
        return now != null && now.pulse(fact(gone), gone.nowUs());
    }

    @Override
    public OptionalInt retentionDaysMax(UUID cameraId) {
        return camera(cameraId)
                .map(camera -> OptionalInt.of(camera.recording().retentionDaysMax()))
                .orElse(OptionalInt.empty());
    }

    @Override
    public String name(UUID cameraId) {
        return camera(cameraId).map(Camera::name).orElseGet(cameraId::toString);
    }

    private Optional<Camera> camera(UUID id) {
        CameraRegistry now = cameras;
        try {
            return now == null ? Optional.empty() : now.find(id);
        } catch (StoreException notReadYet) {
            return Optional.empty();
        }
    }

    private EventFact fact(Early gone) {
        OfCamera worst = gone.cameras().get(0);
        String names = names(gone.cameras());
        return EventFact.of(
                EventSource.volume(gone.volumeId()),
                EventKinds.RECORDING_REMOVED_EARLY,
                EventSeverity.WARNING,
                "Footage of " + names + " was removed before its retention of " + days(worst.retentionDaysMax())
                        + " because " + why(gone) + ": " + Trouble.chunks(gone.segments()) + " from "
                        + instant(gone.fromUs()) + " to " + instant(gone.toUs())
                        + ". Add a volume, give this one more room, or keep footage for fewer days.",
                EventAttributes.NONE
                        .with("name", gone.volume())
                        .with("cause", gone.why().isQuota() ? "quota" : "reserve")
                        .with("limitBytes", gone.why().bytes())
                        .with("cameras", gone.cameras().size())
                        .with("cameraNames", names)
                        .with("from", instant(gone.fromUs()).toString())
                        .with("to", instant(gone.toUs()).toString())
                        .with("segments", gone.segments())
                        .with("bytes", gone.bytes())
                        .with("retentionDaysMax", worst.retentionDaysMax()));
    }

    private String names(List<OfCamera> cameras) {
        String first = cameras.stream()
                .limit(NAMED_MAX)
                .map(one -> name(one.cameraId()))
                .collect(Collectors.joining(", "));
        return cameras.size() > NAMED_MAX ? first + " ..." : first;
    }

    private static String why(Early gone) {
        String bytes = mebibytes(gone.why().bytes());
        return "volume " + gone.volume()
                + (gone.why().isQuota() ? " holds its quota of " + bytes : " has less than " + bytes + " free");
    }

    private static String days(long days) {
        return days + (days == 1 ? " day" : " days");
    }

    private static Instant instant(long us) {
        return Instant.EPOCH.plus(us, ChronoUnit.MICROS).truncatedTo(ChronoUnit.MILLIS);
    }

    private static String mebibytes(long bytes) {
        long whole = bytes >> 20;
        return whole >= 10_240 ? (whole >> 10) + " GiB" : whole > 0 ? whole + " MiB" : bytes + " bytes";
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.GapFilling;
import org.nxvms.platform.api.archive.GapListener;
import org.nxvms.platform.api.archive.PastFootage;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Filling with the settings and services as they are now; hears which gaps are over. */
@Component(
        service = {FillService.class, GapListener.class, GapFilling.class},
        immediate = true,
        configurationPid = "org.nxvms.gapfill")
@Designate(ocd = FillSettings.class)
public final class FillService implements GapListener, GapFilling {
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile Archive archive;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile PastFootage past;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile CameraControl control;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile CameraRegistry cameras;

    private volatile FillJobs jobs;

    @Activate
    void open(FillSettings settings) {
        FillJobs.Services services = new FillJobs.Services(
                () -> Optional.ofNullable(archive),
                () -> Optional.ofNullable(past),
                () -> Optional.ofNullable(control),
                () -> Optional.ofNullable(cameras));
        jobs = new FillJobs(
                services, FillLimits.of(settings), () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
        jobs.begin();
    }

    @Modified
    void change(FillSettings settings) {
        jobs.limit(FillLimits.of(settings));
    }

    @Deactivate
    void close() {
        jobs.close();
    }

    /** {@return the jobs, which outlive a change of the settings} */
    public FillJobs jobs() {
        return jobs;
    }

    @Override
    public UUID fill(UUID camera, long fromUs, long toUs, String by) throws TooManyException {
        try {
            return jobs.order(camera, fromUs, toUs, by).id();
        } catch (FillJobs.FullException full) {
            throw new TooManyException(full.getMessage());
        }
    }

    @Override
    public Optional<Progress> progress(UUID job) {
        return jobs.find(job)
                .map(now -> new Progress(
                        now.isOver(),
                        now.state() == FillJob.State.FAILED,
                        now.missingUs() / 1_000,
                        now.filledUs() / 1_000,
                        now.detail()));
    }

    @Override
    public void changed(Gap gap) {
        jobs.changed(gap);
    }

    @Override
    public void dropped(Gap gap) {
        // What is none needs no filling; a job finds that out.
    }
}

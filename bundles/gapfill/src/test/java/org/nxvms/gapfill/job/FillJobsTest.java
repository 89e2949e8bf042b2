// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.test.kit.Awaiting;

/** When what is filled, by hand and by itself. */
class FillJobsTest {
    private final FillScene scene = new FillScene();

    @AfterEach
    void close() {
        scene.close();
    }

    private static FillJob over(FillJobs jobs, UUID id) {
        Awaiting.until("the job is over", () -> jobs.find(id).orElseThrow().isOver());
        return jobs.find(id).orElseThrow();
    }

    @Test
    void whatSomebodyAsksForIsFilledAndSaysHowMuch() throws Exception {
        FillJobs jobs = scene.jobs(Set.of());
        FillJob ordered = jobs.order(FillScene.CAMERA, FillScene.AWAY_US, FillScene.BACK_US, "anna");

        FillJob done = over(jobs, ordered.id());

        assertThat(done.state()).as(done.detail()).isEqualTo(FillJob.State.DONE);
        assertThat(done.filledUs()).isEqualTo(done.missingUs()).isEqualTo(FillScene.BACK_US - FillScene.AWAY_US);
        assertThat(done.pictures()).isEqualTo(270);
        assertThat(done.by()).contains("anna");
        assertThat(done.finished()).isPresent();
        assertThat(scene.footage.all()).hasSize(3);
    }

    @Test
    void aCameraOfTheRuleIsFilledWhenItIsBackAndNoOther() {
        FillJobs jobs = scene.jobs(Set.of(FillScene.CAMERA));
        Gap gap = scene.gap();
        jobs.changed(
                new Gap(gap.id(), gap.stream(), gap.fromUs(), OptionalLong.empty(), gap.cause(), "it lasts still"));
        jobs.changed(
                new Gap(gap.id(), gap.stream(), gap.fromUs(), gap.toUs(), GapCause.NOT_SCHEDULED, "nobody wanted it"));
        jobs.changed(new Gap(
                gap.id(),
                new StreamId(FillScene.CAMERA, StreamRole.SUB),
                gap.fromUs(),
                gap.toUs(),
                gap.cause(),
                "recorded by no camera"));
        jobs.changed(
                new Gap(gap.id(), StreamId.main(new UUID(1, 2)), gap.fromUs(), gap.toUs(), gap.cause(), "of another"));
        jobs.changed(new Gap(gap.id(), gap.stream(), 0, OptionalLong.of(1_000_000), gap.cause(), "too long ago"));
        assertThat(jobs.all()).isEmpty();

        jobs.changed(gap);

        assertThat(jobs.all()).hasSize(1);
        FillJob done = over(jobs, jobs.all().get(0).id());
        assertThat(done.state()).as(done.detail()).isEqualTo(FillJob.State.DONE);
        assertThat(done.by()).isEmpty();
        jobs.changed(new Gap(
                new UUID(3, 4),
                gap.stream(),
                gap.fromUs() + 1_000_000,
                gap.toUs(),
                gap.cause(),
                "a rest, which the camera has not"));
        assertThat(jobs.all()).as("what was tried is not tried again by itself").hasSize(1);
    }

    @Test
    void whatIsMissingWhenTheServerStartsIsLookedFor() {
        FillJobs jobs = scene.jobs(Set.of(FillScene.CAMERA));

        jobs.begin();

        Awaiting.until("it is found", () -> !jobs.all().isEmpty());
        assertThat(over(jobs, jobs.all().get(0).id()).filledUs()).isPositive();
    }

    @Test
    void whatCannotBeDoneNowWaitsAndSaysWhy() throws Exception {
        scene.camera.unreachable = true;
        FillJobs jobs = scene.jobs(Set.of());
        UUID id = jobs.order(FillScene.CAMERA, FillScene.AWAY_US, FillScene.BACK_US, "anna")
                .id();

        AtomicReference<FillJob> last = new AtomicReference<>();
        Awaiting.until("it says why", () -> {
            last.set(jobs.find(id).orElseThrow());
            return !last.get().detail().isEmpty();
        });

        FillJob waiting = last.get();
        assertThat(waiting.state()).isEqualTo(FillJob.State.WAITING);
        assertThat(waiting.detail()).contains("does not answer");
    }

    @Test
    void aCameraThatIsGoneIsSaidToBe() throws Exception {
        FillJobs jobs = scene.jobs(Set.of());

        FillJob failed = over(jobs, jobs.order(new UUID(5, 6), 0, 1, "anna").id());

        assertThat(failed.state()).isEqualTo(FillJob.State.FAILED);
        assertThat(failed.detail()).contains("not there any more");
    }

    @Test
    void theOldestThatAreOverGoAndOfThoseThatWaitNoneIsLost() throws Exception {
        FillJobs jobs = scene.jobs(Set.of());
        UUID first = jobs.order(FillScene.CAMERA, FillScene.AWAY_US, FillScene.BACK_US, "anna")
                .id();
        over(jobs, first);
        scene.camera.unreachable = true;
        scene.footage.missing(FillScene.NOW_US, FillScene.NOW_US + 1_000_000, GapCause.AUTH);
        for (int i = 0; i < FillJobs.JOBS_MAX; i++) {
            jobs.order(FillScene.CAMERA, FillScene.NOW_US, FillScene.NOW_US + 1_000_000, "anna");
        }
        assertThat(jobs.find(first)).isEmpty();
        assertThatThrownBy(() -> jobs.order(FillScene.CAMERA, 0, 1, "anna")).isInstanceOf(FillJobs.FullException.class);
        assertThat(jobs.all()).hasSize(FillJobs.JOBS_MAX);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.annotation.Annotation;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
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
        FillJobs jobs = scene.jobs();
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
    void howFarItIsIsToldWhileItRuns() throws Exception {
        scene.camera.heldFrom = 300;
        FillJobs jobs = scene.jobs();
        UUID id = jobs.order(FillScene.CAMERA, FillScene.AWAY_US, FillScene.BACK_US, "anna")
                .id();
        // What was read of it is put there but for the last fragment, which may grow.
        long seenUs = Pictures.takenUs(250) - FillScene.AWAY_US;
        Awaiting.until("some of it is there", () -> jobs.find(id).orElseThrow().filledUs() >= seenUs);

        FillJob half = jobs.find(id).orElseThrow();
        assertThat(half.state()).isEqualTo(FillJob.State.RUNNING);
        assertThat(half.missingUs()).isEqualTo(FillScene.BACK_US - FillScene.AWAY_US);
        assertThat(half.filledUs()).isLessThan(half.missingUs());
        assertThat(jobs.all()).singleElement().satisfies(listed -> assertThat(listed.filledUs())
                .isBetween(half.filledUs(), half.missingUs() - 1));

        scene.camera.goesOn.countDown();
        assertThat(over(jobs, id).filledUs()).isEqualTo(half.missingUs());
    }

    @Test
    void aCameraThatIsToBeFilledByItselfIsWhenItIsBackAndNoOther() {
        FillJobs jobs = scene.jobs();
        Gap gap = scene.gap();
        jobs.changed(gap);
        assertThat(jobs.all()).as("nobody said so of the camera").isEmpty();
        scene.byItself = true;
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
        scene.byItself = true;
        FillJobs jobs = scene.jobs();

        jobs.begin();

        Awaiting.until("it is found", () -> !jobs.all().isEmpty());
        assertThat(over(jobs, jobs.all().get(0).id()).filledUs()).isPositive();
    }

    @Test
    void whatCannotBeDoneNowWaitsAndSaysWhy() throws Exception {
        scene.camera.unreachable = true;
        FillJobs jobs = scene.jobs();
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
        FillJobs jobs = scene.jobs();

        FillJob failed = over(jobs, jobs.order(new UUID(5, 6), 0, 1, "anna").id());

        assertThat(failed.state()).isEqualTo(FillJob.State.FAILED);
        assertThat(failed.detail()).contains("not there any more");
    }

    @Test
    void theOldestThatAreOverGoAndOfThoseThatWaitNoneIsLost() throws Exception {
        FillJobs jobs = scene.jobs();
        UUID first = jobs.order(FillScene.CAMERA, FillScene.AWAY_US, FillScene.BACK_US, "anna")
                .id();
        over(jobs, first);
        scene.camera.unreachable = true;
        scene.footage.missing(FillScene.NOW_US, FillScene.NOW_US + 1_000_000, GapCause.AUTH);
        for (int i = 0; i < FillJobs.JOBS_MAX; i++) {
            long fromUs = FillScene.NOW_US + i * 1_000L;
            jobs.order(FillScene.CAMERA, fromUs, fromUs + 1_000_000, "anna");
        }
        assertThat(jobs.find(first)).isEmpty();
        assertThatThrownBy(() -> jobs.order(FillScene.CAMERA, 0, 1, "anna")).isInstanceOf(FillJobs.FullException.class);
        assertThat(jobs.all()).hasSize(FillJobs.JOBS_MAX);
    }

    /** {@return what lets the camera answer again, which a job waits for from now on} */
    private CountDownLatch held(FillJobs jobs) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        scene.camera.onCall = () -> {
            try {
                go.await();
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        };
        UUID running = jobs.order(FillScene.CAMERA, FillScene.AWAY_US, FillScene.BACK_US, "otto")
                .id();
        Awaiting.until("it runs", () -> jobs.find(running).orElseThrow().state() == FillJob.State.RUNNING);
        return go;
    }

    @Test
    void whatWaitsIsNotDoneTwiceHoweverOftenItIsAskedFor() throws Exception {
        FillJobs jobs = scene.jobs();
        CountDownLatch go = held(jobs);

        UUID first = jobs.order(FillScene.CAMERA, FillScene.AWAY_US, FillScene.BACK_US, "anna")
                .id();
        for (int i = 0; i < FillJobs.JOBS_MAX; i++) {
            assertThat(jobs.order(FillScene.CAMERA, FillScene.AWAY_US, FillScene.BACK_US - 1, "vera")
                            .id())
                    .isEqualTo(first);
        }
        assertThat(jobs.order(FillScene.CAMERA, FillScene.AWAY_US + 1, FillScene.BACK_US, "vera")
                        .id())
                .as("it lies within")
                .isEqualTo(first);
        FillJob longer = jobs.order(FillScene.CAMERA, FillScene.AWAY_US, FillScene.NOW_US, "vera");
        assertThat(longer.id()).isEqualTo(first);
        assertThat(longer.by()).contains("anna");
        assertThat(jobs.find(first).orElseThrow().toUs()).isEqualTo(FillScene.NOW_US);
        assertThat(jobs.order(new UUID(5, 6), FillScene.AWAY_US, FillScene.BACK_US, "vera")
                        .id())
                .isNotEqualTo(first);
        assertThat(jobs.order(FillScene.CAMERA, FillScene.AWAY_US - 1, FillScene.BACK_US, "vera")
                        .id())
                .as("what begins before is another")
                .isNotEqualTo(first);
        assertThat(jobs.all()).hasSize(4);

        go.countDown();
        assertThat(over(jobs, first).state()).isEqualTo(FillJob.State.DONE);
        assertThat(jobs.order(FillScene.CAMERA, FillScene.AWAY_US, FillScene.BACK_US, "anna")
                        .id())
                .as("what is over can be asked for again")
                .isNotEqualTo(first);
    }

    @Test
    void settingsThatChangeForgetNothingAndWhatIsNewIsLookedThroughOnce() throws Exception {
        FillJobs jobs = scene.jobs();
        UUID asked = jobs.order(new UUID(5, 6), 0, 1, "anna").id();

        scene.byItself = true;
        jobs.limit(FillScene.LIMITS);
        Awaiting.until("it is found", () -> jobs.all().size() == 2);
        assertThat(over(jobs, asked).state()).isEqualTo(FillJob.State.FAILED);
        FillJob found = jobs.all().stream()
                .filter(job -> job.by().isEmpty())
                .findFirst()
                .orElseThrow();
        assertThat(over(jobs, found.id()).filledUs()).isPositive();

        scene.footage.forget(FillScene.AWAY_US);
        jobs.limit(FillScene.LIMITS);
        // One thread does all in their order: when this is over, it has looked.
        over(jobs, jobs.order(new UUID(5, 6), 0, 1, "anna").id());
        assertThat(jobs.all()).filteredOn(job -> job.by().isEmpty()).hasSize(1);
    }

    @Test
    void aCameraThatIsNotToBeFilledByItselfAnyMoreIsNot() throws Exception {
        scene.byItself = true;
        FillJobs jobs = scene.jobs();
        scene.footage.missing(FillScene.NOW_US, FillScene.NOW_US + 1_000_000, GapCause.AUTH);
        CountDownLatch go = held(jobs);
        Gap other = scene.footage.gaps.get(1);
        jobs.changed(other);
        UUID byRule = jobs.all().stream()
                .filter(job -> job.by().isEmpty())
                .findFirst()
                .orElseThrow()
                .id();

        scene.byItself = false;
        go.countDown();

        assertThat(over(jobs, byRule).state()).isEqualTo(FillJob.State.FAILED);
        assertThat(over(jobs, byRule).detail()).contains("not to be filled by itself any more");
    }

    /** As the component runtime does it. */
    @Test
    void theServiceKeepsItsJobsWhenItsSettingsChange() throws Exception {
        FillService service = new FillService();
        service.open(settings(2));
        try {
            UUID asked = service.fill(FillScene.CAMERA, 0, 1, "anna");
            service.change(settings(3));
            assertThat(service.progress(asked)).isPresent();
        } finally {
            service.close();
        }
    }

    private static FillSettings settings(int mebibytesPerSecond) {
        return new FillSettings() {
            @Override
            public int mebibytesPerSecond() {
                return mebibytesPerSecond;
            }

            @Override
            public int delaySeconds() {
                return 0;
            }

            @Override
            public int hoursBack() {
                return 1;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return FillSettings.class;
            }
        };
    }
}

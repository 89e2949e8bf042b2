// SPDX-License-Identifier: Apache-2.0
package org.nxvms.gapfill.job;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Gap;
import org.nxvms.platform.api.archive.PastFootage;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs of filling, one at a time on one thread of the lowest priority. They are kept in memory: after a restart the gaps that
 * are left say what is to be done. Any thread asks; nobody waits.
 */
public final class FillJobs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FillJobs.class);
    /** Those that are over go first; of more that wait, none is taken. */
    static final int JOBS_MAX = 500;

    private static final int TRIES_MAX = 3;
    private static final long AGAIN_MS = 60_000;
    private static final long CLOSE_MS = 2_000;

    private final Services services;
    private final LongSupplier nowUs;
    private final ScheduledThreadPoolExecutor thread;
    private final Map<UUID, FillJob> jobs = new HashMap<>();
    private final Deque<UUID> order = new ArrayDeque<>();
    private volatile FillLimits limits;
    private Optional<Future<?>> looking = Optional.empty();
    private Optional<Running> running = Optional.empty();

    private record Running(UUID job, Filling filling) {}

    /** What filling needs of others; empty while it is not there. */
    public record Services(
            Supplier<Optional<Archive>> archive,
            Supplier<Optional<PastFootage>> past,
            Supplier<Optional<CameraControl>> control,
            Supplier<Optional<CameraRegistry>> cameras) {}

    /** There are too many. */
    public static final class FullException extends Exception {
        private static final long serialVersionUID = 1L;

        FullException() {
            super("There are " + JOBS_MAX + " jobs of filling that are not over");
        }
    }

    FillJobs(Services services, FillLimits limits, LongSupplier nowUs) {
        this.services = services;
        this.limits = limits;
        this.nowUs = nowUs;
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread one = new Thread(task, "nxvms-gapfill-1");
            one.setDaemon(true);
            one.setPriority(Thread.MIN_PRIORITY);
            return one;
        });
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setRemoveOnCancelPolicy(true);
    }

    /** Looks through what is missing of cameras that are filled by themselves: what came before this process. */
    void begin() {
        look(limits.delayMs());
    }

    /** Counts from now on, also for jobs that wait; cameras are looked through again. */
    void limit(FillLimits now) {
        limits = now;
        begin();
    }

    private synchronized void look(long delayMs) {
        looking.ifPresent(before -> before.cancel(false));
        looking = Optional.of(thread.schedule(this::lookBack, delayMs, TimeUnit.MILLISECONDS));
    }

    private void lookBack() {
        Optional<CameraRegistry> cameras = services.cameras().get();
        Optional<Archive> archive = services.archive().get();
        if (cameras.isEmpty() || archive.isEmpty()) {
            look(AGAIN_MS);
            return;
        }
        long now = nowUs.getAsLong();
        try {
            for (Camera camera : cameras.get().list()) {
                fillBack(archive.get(), camera, now);
            }
        } catch (StoreException notNow) {
            look(AGAIN_MS);
        } catch (FullException enough) {
            LOG.warn("{}; the rest is filled when somebody asks for it", enough.getMessage());
        }
    }

    private void fillBack(Archive archive, Camera camera, long now) throws FullException {
        if (!camera.recording().fillGaps()) {
            return;
        }
        UUID id = camera.id();
        long since = now - limits.backUs();
        boolean isNews = Stretch.missing(archive, StreamId.main(id), since, now).stream()
                .anyMatch(missing -> !isKnown(id, Math.max(since, missing.fromUs()), Math.min(now, missing.toUs())));
        if (isNews) {
            order(id, since, now, Optional.empty(), 0);
        }
    }

    /** A gap changed; returns at once. */
    void changed(Gap gap) {
        FillLimits current = limits;
        if (gap.toUs().isEmpty()
                || !PastFootage.CAUSES.contains(gap.cause())
                || !gap.stream().equals(StreamId.main(gap.stream().cameraId()))
                || nowUs.getAsLong() - gap.toUs().getAsLong() > current.backUs()
                || !isByItself(gap.stream().cameraId())) {
            return;
        }
        try {
            if (!isKnown(gap.stream().cameraId(), gap.fromUs(), gap.toUs().getAsLong())) {
                order(
                        gap.stream().cameraId(),
                        gap.fromUs(),
                        gap.toUs().getAsLong(),
                        Optional.empty(),
                        current.delayMs());
            }
        } catch (FullException enough) {
            LOG.warn("Camera {}: {}; it is filled when somebody asks for it", gap.stream(), enough.getMessage());
        }
    }

    /** {@return whether its camera is filled without being asked for}; the registry has it in memory. */
    private boolean isByItself(UUID camera) {
        try {
            return services.cameras()
                    .get()
                    .flatMap(registry -> registry.find(camera))
                    .filter(one -> one.recording().fillGaps())
                    .isPresent();
        } catch (StoreException notNow) {
            // The look back that waits for the cameras finds it.
            return false;
        }
    }

    /** What is left of a gap that was tried is not tried again by itself. */
    private synchronized boolean isKnown(UUID camera, long fromUs, long toUs) {
        return jobs.values().stream()
                .anyMatch(job -> job.camera().equals(camera) && job.fromUs() <= fromUs && job.toUs() >= toUs);
    }

    /**
     * Has what is missing of a camera's main stream filled, by and by. What somebody has asked for, and waits, is not done
     * twice: it is the same job, which goes up to the later end. One that runs may have looked before the gap was over.
     */
    public synchronized FillJob order(UUID camera, long fromUs, long toUs, String by) throws FullException {
        Optional<FillJob> waiting = jobs.values().stream()
                .filter(job -> job.state() == FillJob.State.WAITING && job.by().isPresent())
                .filter(job -> job.camera().equals(camera)
                        && (job.fromUs() == fromUs || job.fromUs() < fromUs && job.toUs() >= toUs))
                .findFirst();
        if (waiting.isEmpty()) {
            return order(camera, fromUs, toUs, Optional.of(by), 0);
        }
        FillJob both = waiting.get().upTo(Math.max(waiting.get().toUs(), toUs));
        change(both);
        return both;
    }

    private FillJob order(UUID camera, long fromUs, long toUs, Optional<String> by, long delayMs) throws FullException {
        FillJob job = FillJob.waiting(camera, fromUs, toUs, by, DeviceFootage.instant(nowUs.getAsLong()));
        add(job);
        try {
            thread.schedule(() -> run(job.id(), 1), delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            change(job.with(FillJob.State.FAILED, "The server stops.", Optional.of(job.created())));
        }
        return job;
    }

    private synchronized void add(FillJob job) throws FullException {
        if (jobs.size() == JOBS_MAX) {
            UUID over = order.stream()
                    .filter(id -> jobs.get(id).isOver())
                    .findFirst()
                    .orElseThrow(FullException::new);
            order.remove(over);
            jobs.remove(over);
        }
        jobs.put(job.id(), job);
        order.add(job.id());
    }

    /** How it stands now, and that it does not run any more if it did. */
    private synchronized void change(FillJob job) {
        running = running.filter(one -> !one.job().equals(job.id()));
        jobs.replace(job.id(), job);
    }

    private synchronized void runs(UUID id, Filling filling) {
        running = Optional.of(new Running(id, filling));
    }

    /** With what the one that runs has done so far. */
    private FillJob asOfNow(FillJob job) {
        return running.filter(one -> one.job().equals(job.id()))
                .map(one -> job.with(one.filling().sum()))
                .orElse(job);
    }

    /** {@return all that are known, newest first} */
    public synchronized List<FillJob> all() {
        return jobs.values().stream()
                .map(this::asOfNow)
                .sorted(Comparator.comparing(FillJob::created).reversed().thenComparing(FillJob::id))
                .toList();
    }

    public synchronized Optional<FillJob> find(UUID id) {
        return Optional.ofNullable(jobs.get(id)).map(this::asOfNow);
    }

    /** {@return the job as it is when its work begins} */
    private synchronized FillJob begun(UUID id) {
        FillJob job = find(id).orElseThrow();
        change(job.with(FillJob.State.RUNNING, "", Optional.empty()));
        return job;
    }

    private void run(UUID id, int tries) {
        FillJob job = begun(id);
        Optional<Filling> filling = Optional.empty();
        Optional<FillFailedException> failure = Optional.empty();
        try {
            filling = Optional.of(filling(job));
            runs(id, filling.get());
            filling.get().fill(job.fromUs(), job.toUs());
        } catch (FillFailedException failed) {
            failure = Optional.of(failed);
        } catch (StoreException notNow) {
            failure = Optional.of(new FillFailedException(notNow.getMessage(), true, notNow));
        } catch (RuntimeException | Error defect) {
            LOG.error("Camera {}: filling failed", job.camera(), defect);
            failure = Optional.of(new FillFailedException("An error of the server; its log has it.", false, defect));
        }
        FillJob after = filling.map(done -> job.with(done.sum())).orElse(job);
        if (failure.isPresent() && failure.get().isPassing() && tries < TRIES_MAX && again(id, tries)) {
            change(after.with(FillJob.State.WAITING, failure.get().getMessage(), Optional.empty()));
            return;
        }
        over(after, failure);
    }

    private boolean again(UUID id, int tries) {
        try {
            thread.schedule(() -> run(id, tries + 1), AGAIN_MS, TimeUnit.MILLISECONDS);
            return true;
        } catch (RejectedExecutionException closed) {
            return false;
        }
    }

    private void over(FillJob job, Optional<FillFailedException> failure) {
        long restMs = (job.missingUs() - job.filledUs()) / 1_000;
        String detail = failure.map(Throwable::getMessage)
                .orElse(
                        job.missingUs() == 0
                                ? "Nothing is missing there that may be filled."
                                : restMs > 0 ? "The camera has no pictures of " + restMs + " ms of it." : "");
        FillJob.State state = failure.isPresent() ? FillJob.State.FAILED : FillJob.State.DONE;
        change(job.with(state, detail, Optional.of(DeviceFootage.instant(nowUs.getAsLong()))));
        LOG.info(
                "Camera {}: {} of {} ms filled from its own recording, {} pictures. {}",
                job.camera(),
                job.filledUs() / 1_000,
                job.missingUs() / 1_000,
                job.pictures(),
                detail);
    }

    private Filling filling(FillJob job) throws FillFailedException {
        if (job.by().isEmpty() && !isByItself(job.camera())) {
            throw new FillFailedException("The camera is not to be filled by itself any more.", false);
        }
        Camera camera = there(services.cameras(), "camera registry")
                .find(job.camera())
                .orElseThrow(() -> new FillFailedException("The camera is not there any more.", false));
        DeviceFootage device = new DeviceFootage(
                there(services.control(), "control of cameras"), job.camera(), () -> limits.bytesPerSecond(), nowUs);
        return new Filling(
                there(services.archive(), "archive"),
                there(services.past(), "archive"),
                StreamId.main(job.camera()),
                camera.recording().terms(),
                device);
    }

    private static <S> S there(Supplier<Optional<S>> service, String name) throws FillFailedException {
        return service.get().orElseThrow(() -> new FillFailedException("The " + name + " is not there now.", true));
    }

    /** Ends what is under way; what was filled stays. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS)) {
                LOG.info("Filling ends when the camera or the disk answers");
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.VolumeUsage;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.health.HealthCheck.Result;
import org.nxvms.platform.api.health.HealthCheck.Status;
import org.nxvms.platform.api.ingest.IngestStatus;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.recording.Recorder;
import org.nxvms.platform.api.recording.RecordingStatus;
import org.nxvms.platform.api.security.AccessGuard;

/** Checks of core services by what their contracts say of themselves; unused where a bundle publishes its own. */
final class ServiceChecks {
    /** Why a recorder does not record through a fault of the server, not of the camera. */
    private static final Set<GapCause> SERVER_FAULTS =
            Set.of(GapCause.RECORDER_OVERRUN, GapCause.DISK_SLOW, GapCause.DISK_FULL, GapCause.VOLUME_ABSENT);

    private static final String READY = "ready";

    final AtomicReference<Archive> archive = new AtomicReference<>();
    final AtomicReference<CameraRegistry> cameras = new AtomicReference<>();
    final List<StreamIngest> ingests = new CopyOnWriteArrayList<>();
    final AtomicReference<Recorder> recorder = new AtomicReference<>();
    final AtomicReference<AccessGuard> guard = new AtomicReference<>();

    private record Check(String name, Supplier<Result> run) implements HealthCheck {
        @Override
        public Result check() {
            return run.get();
        }
    }

    List<HealthCheck> all() {
        return List.of(
                new Check("archive", () -> ask(archive, this::archive)),
                new Check("cameras", () -> ask(cameras, this::cameras)),
                new Check("ingest", this::ingest),
                new Check("recorder", () -> ask(recorder, this::recorder)),
                new Check("security", () -> ask(guard, present -> Result.up())));
    }

    /** {@return whether the service behind a check is there; without it the check says nothing} */
    boolean present(String name) {
        return switch (name) {
            case "archive" -> archive.get() != null;
            case "cameras" -> cameras.get() != null;
            case "ingest" -> !ingests.isEmpty();
            case "recorder" -> recorder.get() != null;
            default -> guard.get() != null;
        };
    }

    private static <T> Result ask(AtomicReference<T> service, java.util.function.Function<T, Result> question) {
        return Optional.ofNullable(service.get()).map(question).orElseGet(() -> Result.down("The service is gone.")
                .found("service_absent"));
    }

    private Result archive(Archive now) {
        List<VolumeUsage> volumes;
        try {
            volumes = now.volumes();
        } catch (StoreException e) {
            return Result.down(e.getMessage()).found("database_absent");
        }
        long ready = volumes.stream().filter(v -> v.status().equals(READY)).count();
        Map<String, Object> figures = Map.of("volumes", volumes.size(), "volumesReady", ready);
        if (ready == 0) {
            return new Result(
                            Status.DOWN,
                            volumes.isEmpty()
                                    ? "No volume is configured; nothing can be recorded."
                                    : "No volume is ready: " + sentence(volumes.get(0)),
                            figures)
                    .found(volumes.isEmpty() ? "no_volume" : "no_volume_ready");
        }
        return volumes.stream()
                .filter(v -> !v.status().equals(READY))
                .findFirst()
                .map(bad -> new Result(Status.DEGRADED, sentence(bad), figures)
                        .found("volume_unready", Map.of("volume", bad.name(), "volumeStatus", bad.status())))
                .orElse(new Result(Status.UP, "", figures));
    }

    private static String sentence(VolumeUsage volume) {
        return "volume " + volume.name() + " is " + volume.status()
                + (volume.detail().isEmpty() ? "." : ": " + volume.detail());
    }

    private Result cameras(CameraRegistry now) {
        Map<String, Object> figures = new TreeMap<>();
        int troubled = 0;
        Map<String, Object> named = Map.of();
        int all = 0;
        String first = "";
        try {
            for (Camera camera : now.list()) {
                Optional<CameraStatus> status = now.status(camera.id());
                String state = status.map(s -> Health.word(s.state())).orElse("connecting");
                figures.merge(state, 1, (a, b) -> (Integer) a + (Integer) b);
                all++;
                if (status.filter(ServiceChecks::troubled).isPresent()) {
                    troubled++;
                    if (first.isEmpty()) {
                        first = camera.name() + " is " + state + ".";
                        named = Map.of("camera", camera.name(), "state", state);
                    }
                }
            }
        } catch (StoreException e) {
            return Result.down(e.getMessage()).found("database_absent");
        }
        figures.put("total", all);
        return troubled == 0
                ? new Result(Status.UP, "", figures)
                : new Result(
                                Status.DEGRADED,
                                troubled + " of " + all + (troubled == 1 ? " cameras is" : " cameras are")
                                        + " not as wished; " + first,
                                figures)
                        .found("cameras_troubled", with(named, Map.of("count", troubled, "all", all)));
    }

    private static Map<String, Object> with(Map<String, Object> some, Map<String, Object> more) {
        Map<String, Object> both = new HashMap<>(some);
        both.putAll(more);
        return both;
    }

    private static boolean troubled(CameraStatus status) {
        return switch (status.state()) {
            case OFFLINE, UNAUTHORIZED, UNSUPPORTED, NOT_RECORDING -> true;
            default -> false;
        };
    }

    private Result ingest() {
        int streaming = 0;
        int all = 0;
        for (StreamIngest ingest : ingests) {
            for (IngestStatus status : ingest.statuses()) {
                all++;
                streaming += status.state() == IngestStatus.State.STREAMING ? 1 : 0;
            }
        }
        return new Result(Status.UP, "", Map.of("streams", all, "streaming", streaming));
    }

    private Result recorder(Recorder now) {
        int recording = 0;
        int faulty = 0;
        long lost = 0;
        Optional<RecordingStatus> first = Optional.empty();
        List<RecordingStatus> statuses = now.statuses();
        for (RecordingStatus status : statuses) {
            recording += status.recording() ? 1 : 0;
            lost += status.accessUnitsLost();
            if (status.cause().filter(SERVER_FAULTS::contains).isPresent()) {
                faulty++;
                first = first.or(() -> Optional.of(status));
            }
        }
        Map<String, Object> figures =
                Map.of("streams", statuses.size(), "recording", recording, "accessUnitsLost", lost);
        Optional<String> named = first.flatMap(this::called);
        return faulty == 0
                ? new Result(Status.UP, "", figures)
                : new Result(
                                Status.DEGRADED,
                                faulty + " of " + statuses.size() + " streams cannot be written: "
                                        + named.map(name -> name + ": ").orElse("")
                                        + first.map(RecordingStatus::detail).orElse(""),
                                figures)
                        .found(
                                "streams_unwritten",
                                with(
                                        named.<Map<String, Object>>map(name -> Map.of("camera", name))
                                                .orElse(Map.of()),
                                        Map.of("count", faulty, "all", statuses.size())));
    }

    /** {@return the name of the camera, as far as it can be asked for} */
    private Optional<String> called(RecordingStatus status) {
        try {
            return Optional.ofNullable(cameras.get())
                    .flatMap(now -> now.find(status.stream().cameraId()))
                    .map(Camera::name);
        } catch (StoreException databaseAway) {
            return Optional.empty();
        }
    }
}

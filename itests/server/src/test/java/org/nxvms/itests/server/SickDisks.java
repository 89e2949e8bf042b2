// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.rtsp.Camera;

/**
 * Disks with the kernel's own faults, all at the same time, each with a camera that names it: one fills up, one runs out of
 * inodes, one is unmounted and mounted again, in place of one another volume's disk is mounted.
 */
final class SickDisks implements AutoCloseable {
    private static final String FILLS = "fills";
    private static final String NO_INODES = "no-inodes";
    private static final String UNMOUNTED = "unmounted";
    private static final String EXCHANGED = "exchanged";
    private static final List<String> NAMES = List.of(FILLS, NO_INODES, UNMOUNTED, EXCHANGED);
    private static final String IDENTITY = "nxvms-volume.json";

    private final Path volumes;
    /** Where the disk stays while it is not at its mount point. */
    private final Path unmounted;

    private final List<Path> mounted = new ArrayList<>();
    private final List<Path> others = new ArrayList<>();
    private final Map<String, String> cameras = new LinkedHashMap<>();
    private Api api;
    private RecordedFrames frames;
    /** Those that health has named. */
    private final Set<String> named = new HashSet<>();

    private Instant nextFile = Instant.EPOCH;
    private int days = 100;

    static boolean mayMount() {
        return Commands.attempt(Path.of("/"), "unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt")
                        .status()
                == 0;
    }

    /** What a run that was killed has left mounted. */
    static void unmountAllBelow(Path folder) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
            String mountPoint = line.split(" ")[1];
            if (Path.of(mountPoint).startsWith(folder.toAbsolutePath().normalize())) {
                Commands.attempt(Path.of("/"), "umount", "-l", mountPoint);
            }
        }
    }

    /** Mounts them, well; none when mounting is not allowed. Before the server starts. */
    SickDisks(Path volumes) throws IOException {
        this.volumes = volumes.toRealPath();
        this.unmounted = Files.createDirectories(this.volumes.resolveSibling("unmounted-disk"));
        if (mayMount()) {
            tmpfs("size=48m", made(FILLS));
            tmpfs("size=48m,nr_inodes=100", made(NO_INODES));
            tmpfs("size=48m", made(EXCHANGED));
            tmpfs("size=48m", unmounted);
            mount(made(UNMOUNTED), "--bind", unmounted.toString());
        }
    }

    boolean areThere() {
        return !mounted.isEmpty();
    }

    /** Adds volumes and cameras. */
    void add(Api serverApi, CameraFarm farm) {
        api = serverApi;
        frames = new RecordedFrames(volumes, farm.clip().sub());
        if (!areThere()) {
            return;
        }
        for (String name : NAMES) {
            Map<String, Object> volume =
                    Map.of("name", name, "path", volume(name).toString(), "create", true, "weight", 0);
            api.post("/api/v1/storage/volumes", volume).expect(201);
        }
        Waiting.until("the volumes are ready", 15, () -> ready().containsAll(NAMES));
        for (int i = 0; i < NAMES.size(); i++) {
            String name = NAMES.get(i);
            Map<String, Object> camera = Map.of(
                    "name",
                    "On " + name,
                    "driver",
                    "rtsp",
                    "address",
                    farm.camera(i + 1).uri(Camera.Role.SUB),
                    "recording",
                    Map.of("mode", "continuous", "volumes", List.of(name)));
            cameras.put(
                    name,
                    api.post("/api/v1/cameras", camera)
                            .expect(201)
                            .json()
                            .get("id")
                            .asText());
        }
    }

    private Set<String> ready() {
        Set<String> names = new HashSet<>();
        for (JsonNode volume :
                api.get("/api/v1/storage/volumes").expect(200).json().get("items")) {
            if (volume.path("status").asText().equals("ready")) {
                names.add(volume.get("name").asText());
            }
        }
        return names;
    }

    private Path made(String name) throws IOException {
        return Files.createDirectories(volume(name));
    }

    private Path volume(String name) {
        return volumes.resolve(name);
    }

    private void tmpfs(String options, Path at) {
        mount(at, "-t", "tmpfs", "-o", options, "tmpfs");
    }

    private void mount(Path at, String... what) {
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(what));
        command.add(at.toString());
        Commands.run(volumes, command.toArray(String[]::new));
        mounted.add(at);
    }

    private void unmount(Path at) {
        Commands.run(volumes, "umount", "-l", at.toString());
        mounted.remove(mounted.lastIndexOf(at));
    }

    boolean areRecordedUntil(Instant time) {
        return cameras.entrySet().stream()
                .allMatch(camera -> Files.exists(volume(camera.getKey()).resolve(camera.getValue()))
                        && api.lastFootage(camera.getValue()).isAfter(time));
    }

    void fallSick() throws IOException {
        if (!areThere()) {
            return;
        }
        // Retention would make room with what is recorded here.
        api.post(
                        "/api/v1/locks",
                        Map.of(
                                "cameraIds",
                                List.copyOf(cameras.values()),
                                "from",
                                Instant.now().minusSeconds(600).toString(),
                                "to",
                                Instant.now().plusSeconds(600).toString()))
                .expect(201);
        Files.copy(
                volume(FILLS).resolve(IDENTITY),
                unmounted.resolveSibling(IDENTITY),
                StandardCopyOption.REPLACE_EXISTING);
        others.add(fill(volume(FILLS).resolve("somebody.else")));
        useUpInodes(volume(NO_INODES));
        unmount(volume(UNMOUNTED));
        tmpfs("size=1m", volume(EXCHANGED));
        Files.copy(unmounted.resolveSibling(IDENTITY), volume(EXCHANGED).resolve(IDENTITY));
    }

    /** Makes a file of all the room that a disk has; {@return the file} */
    static Path fill(Path other) {
        byte[] block = new byte[64 << 10];
        try (OutputStream file = Files.newOutputStream(other)) {
            while (true) {
                file.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
        return other;
    }

    private void useUpInodes(Path folder) {
        try {
            while (true) {
                others.add(Files.createFile(folder.resolve("other" + others.size())));
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    /** {@return whether health has named each, and its camera's footage goes elsewhere} */
    boolean areReplaced(String health, Path elsewhere) {
        cameras.keySet().stream()
                .filter(name -> health.contains("volume " + name + ":"))
                .forEach(named::add);
        if (areThere() && !named.contains(NO_INODES)) {
            // What the server had there for a moment only, and removed since, was room again.
            useUpInodes(volume(NO_INODES));
            needNewFile(cameras.get(NO_INODES));
        }
        return named.containsAll(cameras.keySet())
                && cameras.values().stream().allMatch(camera -> Files.exists(elsewhere.resolve(camera)));
    }

    /**
     * That there is no inode is met by who makes a file, and not by who writes on in one (ADR 43): a camera whose footage is to
     * be kept for other days begins one at its next key frame.
     */
    private void needNewFile(String camera) {
        if (Instant.now().isBefore(nextFile)) {
            return;
        }
        nextFile = Instant.now().plusSeconds(3);
        String path = "/api/v1/cameras/" + camera;
        String version = api.get(path).response().headers().firstValue("etag").orElseThrow();
        api.patch(path, Map.of("recording", Map.of("retentionDaysMax", ++days)), version)
                .expect(200);
    }

    void assertWhatIsInTheirPlaceIsUntouched() throws IOException {
        if (areThere()) {
            assertThat(volume(UNMOUNTED)).as("the folder under the mount point").isEmptyDirectory();
            try (Stream<Path> files = Files.list(volume(EXCHANGED))) {
                assertThat(files)
                        .as("the wrong disk")
                        .containsExactly(volume(EXCHANGED).resolve(IDENTITY));
            }
        }
    }

    void recover() throws IOException {
        for (Path other : others) {
            Files.deleteIfExists(other);
        }
        if (areThere()) {
            mount(volume(UNMOUNTED), "--bind", unmounted.toString());
            unmount(volume(EXCHANGED));
        }
    }

    void assertNothingIsMissing(Instant from, Instant to) {
        cameras.forEach((name, camera) -> {
            RecordedFrames.Found found = frames.of(camera, from.minusSeconds(1), to);
            assertThat(found.missing()).as("frames missing on " + name).isZero();
            assertThat(found.first()).as("first on " + name).isBefore(from);
            assertThat(found.last()).as("last on " + name).isAfter(to.minusSeconds(1));
            assertThat(api.gaps(camera, from, to)).as("gaps on " + name).isEmpty();
        });
    }

    /** The disks stay until {@link #close}. */
    void removeCameras() {
        cameras.values().forEach(camera -> api.delete("/api/v1/cameras/" + camera));
    }

    /** After the server's end. */
    @Override
    public void close() {
        while (!mounted.isEmpty()) {
            unmount(mounted.get(mounted.size() - 1));
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.container;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assert.fail;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.apache.karaf.features.BootFinished;
import org.apache.karaf.features.FeaturesService;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.PushEndpoints;
import org.nxvms.driver.spi.PushInbox;
import org.nxvms.driver.spi.PushLimits;
import org.nxvms.driver.spi.PushPort;
import org.nxvms.media.StreamId;
import org.nxvms.media.kit.fmp4.ChunkScan;
import org.nxvms.media.kit.fmp4.SampleTable;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.camera.DeviceFacts;
import org.nxvms.platform.api.camera.DriverRollout;
import org.nxvms.platform.api.camera.DriverRollouts;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.simulator.CameraFarm;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * Drivers come, change and go while cameras are recorded: every other bundle keeps its wiring and no
 * frame is missing, not even on the driver's own cameras.
 */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class HotSwapIT {
    private static final String DRIVER = "org.nxvms.driver.rtsp";
    private static final String FEATURE = "nxvms-driver-rtsp";
    private static final long FRAME_US = 40_000;
    private static final int FRAME_90K = 3_600;
    private static final int SOAK_SECONDS = DriverRollouts.SOAK_SECONDS_MIN;

    @Inject
    private BundleContext context;

    @Inject
    private BootFinished booted;

    @Inject
    private FeaturesService features;

    @Inject
    private CameraRegistry cameras;

    @Inject
    private DriverRollouts rollouts;

    @Inject
    private Archive archive;

    @Configuration
    public Option[] configuration() throws Exception {
        Path work = Path.of(System.getProperty("nxvms.work")).toAbsolutePath();
        CameraFarm farm =
                CameraFarm.builder().cameras(2).data(work.resolve("simulator")).start();
        Path driver = Path.of(System.getProperty("nxvms.root"), "drivers/rtsp/target");
        Path jar;
        try (var files = Files.list(driver)) {
            jar = files.filter(f -> f.getFileName().toString().matches("nxvms-driver-rtsp-[0-9.]+\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
        List<Option> options = new ArrayList<>(PackedContainer.options("swap"));
        options.add(systemProperty("nxvms.test.camera1")
                .value(farm.camera(1).uri(org.nxvms.simulator.rtsp.Camera.Role.MAIN)));
        options.add(systemProperty("nxvms.test.camera2")
                .value(farm.camera(2).uri(org.nxvms.simulator.rtsp.Camera.Role.MAIN)));
        // Small: what comes by UDP in one burst must fit the kernel's usual buffer, however busy the machine is.
        options.add(systemProperty("nxvms.test.camera3")
                .value(farm.camera(2).uri(org.nxvms.simulator.rtsp.Camera.Role.SUB)));
        options.add(systemProperty("nxvms.test.driver2")
                .value(DriverJar.withVersion(jar, work.resolve("drivers"), "0.2.0")
                        .toUri()
                        .toString()));
        options.add(systemProperty("nxvms.test.driver3")
                .value(DriverJar.withVersion(jar, work.resolve("drivers"), "0.3.0")
                        .toUri()
                        .toString()));
        return options.toArray(Option[]::new);
    }

    @Test
    public void aDriverComesChangesAndGoesWhileCamerasAreRecorded() throws Exception {
        Camera first = record("Swap one", System.getProperty("nxvms.test.camera1"));
        Camera second = record("Swap two", System.getProperty("nxvms.test.camera2"));
        long beginUs = nowUs();
        Wirings before = Wirings.now(context);

        Bundle beside = install("nxvms.test.driver2", "test:driver-rtsp/beside");
        until("both versions are seen", () -> versionsOfRtsp().contains("0.2.0"));
        try (InputStream update = open("nxvms.test.driver3")) {
            beside.update(update);
        }
        until("the updated version is seen", () -> versionsOfRtsp().contains("0.3.0"));
        beside.uninstall();
        until("the second version is gone", () -> !versionsOfRtsp().contains("0.3.0"));

        assertEquals(List.of(), before.changedUntil(Wirings.now(context), DRIVER));
        awaitFootage(first, nowUs());
        awaitFootage(second, nowUs());
        assertNoFrameMissing(first, beginUs);
        assertNoFrameMissing(second, beginUs);
    }

    /** Two versions of the real driver side by side: one camera goes first, then the other, and no frame is missing. */
    @Test
    public void aNewVersionTakesOneCameraFirstThenAllWhileTheyAreRecorded() throws Exception {
        Camera first = record("Rollout one", System.getProperty("nxvms.test.camera1"));
        Camera second = record("Rollout two", System.getProperty("nxvms.test.camera2"));
        until("both are served", () -> List.of(first, second).stream()
                .allMatch(c -> servedBy(c).isPresent()));
        String from = servedBy(first).orElseThrow();
        Path chosen = Path.of(System.getProperty("nxvms.test.data"), "driver-versions.json");
        until("it is settled which version serves", () -> Files.exists(chosen));
        long beginUs = nowUs();
        Wirings before = Wirings.now(context);
        Bundle beside = install("nxvms.test.driver2", "test:driver-rtsp/rollout");
        until("both versions are seen", () -> versionsOfRtsp().contains("0.2.0"));
        assertEquals("beside another it serves nobody", Optional.of(from), servedBy(first));

        rollouts.begin(new DriverRollouts.Order("rtsp", "0.2.0", Optional.of(second.id()), SOAK_SECONDS));
        until("the canary is served by it", () -> servedBy(second).equals(Optional.of("0.2.0")));
        assertEquals("the other is not", Optional.of(from), servedBy(first));
        until("all are served by it", () -> servedBy(first).equals(Optional.of("0.2.0")));
        until("it is promoted", () -> rollout().phase() == DriverRollout.Phase.PROMOTED);

        rollouts.begin(new DriverRollouts.Order("rtsp", from, Optional.empty(), SOAK_SECONDS));
        until(
                "a camera is back for a try",
                () -> servedBy(first).equals(Optional.of(from))
                        || servedBy(second).equals(Optional.of(from)));
        beside.uninstall();
        until("without the version before, the other stays", () -> !rollout().runs());
        until(
                "all are served",
                () -> servedBy(first).equals(Optional.of(from))
                        && servedBy(second).equals(Optional.of(from)));

        assertEquals(List.of(), before.changedUntil(Wirings.now(context), DRIVER));
        awaitFootage(first, nowUs());
        awaitFootage(second, nowUs());
        assertNoFrameMissing(first, beginUs);
        assertNoFrameMissing(second, beginUs);
    }

    private DriverRollout rollout() {
        return rollouts.rollout("rtsp").orElseThrow();
    }

    private Optional<String> servedBy(Camera camera) {
        return status(camera).device().map(DeviceFacts::driverVersion);
    }

    /** The framework itself says when a driver goes: the places it opened for its devices go with it. */
    @Test
    public void whatADriverOpenedForItsDevicesGoesWithIt() throws Exception {
        Bundle driver = install("nxvms.test.driver2", "test:driver-rtsp/push");
        BundleContext own = driver.getBundleContext();
        PushEndpoints endpoints = own.getService(own.getServiceReference(PushEndpoints.class));
        DeviceTarget device =
                new DeviceTarget(URI.create("rtsp://127.0.0.1/"), Optional.empty(), Optional.empty(), Map.of(), 5_000);
        PushInbox inbox = endpoints.http(device, "events", PushLimits.USUAL);
        PushPort port = endpoints.tcp(device, "dial-in", PushLimits.USUAL);
        URI address = URI.create("http://127.0.0.1:" + System.getenv("NXVMS_HTTP_PORT")
                + inbox.address().getPath());
        until("the path is served", () -> {
            CompletableFuture<Integer> status = deliver(address);
            inbox.next(2_000).ifPresent(PushInbox.Request::accept);
            return status.get(60, TimeUnit.SECONDS) == 204;
        });
        new Socket("127.0.0.1", port.address().getPort()).close();

        driver.stop();

        assertEquals(Integer.valueOf(404), deliver(address).get(60, TimeUnit.SECONDS));
        try {
            inbox.next(0);
            fail("an inbox of a driver that has gone");
        } catch (DriverException e) {
            assertEquals(DriverException.Kind.CLOSED, e.kind());
        }
        try {
            new Socket("127.0.0.1", port.address().getPort()).close();
            fail("a port of a driver that has gone");
        } catch (java.net.ConnectException closed) {
            assertTrue(driver.getState() != Bundle.ACTIVE);
        }
        driver.uninstall();
        until("the version is gone", () -> !versionsOfRtsp().contains("0.2.0"));
    }

    private static CompletableFuture<Integer> deliver(URI address) {
        return HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(address)
                                .POST(HttpRequest.BodyPublishers.ofString("door"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    @Test
    public void karafsOwnFeatureCommandsAreAsClean() throws Exception {
        Camera camera = record("Feature", System.getProperty("nxvms.test.camera1"));
        long beginUs = nowUs();
        Wirings before = Wirings.now(context);

        features.uninstallFeature(FEATURE, EnumSet.noneOf(FeaturesService.Option.class));
        until("the driver is gone", () -> versionsOfRtsp().isEmpty());
        until("the camera says so", () -> !status(camera).driverPresent());
        assertEquals(
                "without its driver a camera records on its known endpoint",
                CameraStatus.State.RECORDING,
                status(camera).state());
        features.installFeature(FEATURE, EnumSet.noneOf(FeaturesService.Option.class));
        until("the driver is back", () -> status(camera).driverPresent());

        assertEquals(List.of(), before.changedUntil(Wirings.now(context), DRIVER));
        awaitFootage(camera, nowUs());
        assertNoFrameMissing(camera, beginUs);
    }

    /** Ingest among them: its sessions change hands, so that not even a run ends. */
    @Test
    public void whatPicturesDoNotPassThroughAndWhatFetchesThemIsExchangedWithoutAFrame() throws Exception {
        Camera first = record("Parts one", System.getProperty("nxvms.test.camera1"));
        Camera second = record("Parts two", System.getProperty("nxvms.test.camera2"));
        Camera third = record("Parts by UDP", System.getProperty("nxvms.test.camera3"), Map.of("transport", "udp"));
        long beginUs = nowUs();
        for (String part : List.of("live-ws", "live-webrtc", "rest", "console", "events", "ingest-rtsp")) {
            exchange(part);
        }
        for (Camera camera : List.of(first, second, third)) {
            awaitFootage(camera, nowUs());
            assertNoFrameMissing(camera, beginUs);
        }
    }

    /** The ring keeps what comes meanwhile. A new file begins with a key frame, so that a part of a GOP may be in two. */
    @Test
    public void whatWritesFootageIsExchangedWithoutAHole() throws Exception {
        Camera camera = record("Writers", System.getProperty("nxvms.test.camera2"));
        long beginUs = nowUs();
        exchange("recorder");
        awaitFootage(camera, nowUs());
        exchange("storage-file");
        awaitFootage(camera, nowUs());

        StreamId stream = StreamId.main(camera.id());
        assertEquals(List.of(), archive.gaps(stream, beginUs, Long.MAX_VALUE, 10));
        long endUs = beginUs;
        for (Segment segment : archive.segments(stream, beginUs, Long.MAX_VALUE, 1000)) {
            assertTrue("no hole before " + segment, segment.startUs() <= endUs + 2 * FRAME_US);
            endUs = Math.max(endUs, segment.endUs());
        }
    }

    /** As an administrator does it; nothing else is touched. */
    private void exchange(String part) throws Exception {
        String bundle = "org.nxvms." + part.replace('-', '.');
        Wirings before = Wirings.now(context);
        features.uninstallFeature("nxvms-" + part, EnumSet.noneOf(FeaturesService.Option.class));
        assertTrue(part + " is gone", !isActive(bundle));
        features.installFeature("nxvms-" + part, EnumSet.noneOf(FeaturesService.Option.class));
        until(part + " is back", () -> isActive(bundle));
        assertEquals(List.of(), before.changedUntil(Wirings.now(context), bundle));
    }

    private boolean isActive(String bundle) {
        return Arrays.stream(context.getBundles())
                .anyMatch(b -> b.getSymbolicName().equals(bundle) && b.getState() == Bundle.ACTIVE);
    }

    private Camera record(String name, String url) throws Exception {
        return record(name, url, Map.of());
    }

    private Camera record(String name, String url, Map<String, String> settings) throws Exception {
        until("the driver is there", () -> !versionsOfRtsp().isEmpty());
        Camera camera = cameras.create(new CameraDraft(
                name,
                "rtsp",
                URI.create(url),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                Optional.empty(),
                settings,
                RecordingSettings.DEFAULT));
        until(name + " records", () -> status(camera).state() == CameraStatus.State.RECORDING);
        awaitFootage(camera, nowUs());
        return camera;
    }

    private CameraStatus status(Camera camera) {
        return cameras.status(camera.id()).orElseThrow();
    }

    private Set<String> versionsOfRtsp() {
        return cameras.drivers().stream()
                .filter(d -> d.info().id().equals("rtsp"))
                .map(CameraRegistry.InstalledDriver::version)
                .collect(java.util.stream.Collectors.toSet());
    }

    private Bundle install(String property, String location) throws Exception {
        try (InputStream jar = open(property)) {
            Bundle bundle = context.installBundle(location, jar);
            bundle.start();
            return bundle;
        }
    }

    private static InputStream open(String property) throws Exception {
        return URI.create(System.getProperty(property)).toURL().openStream();
    }

    private void awaitFootage(Camera camera, long untilUs) {
        until("footage up to now", () -> archive.range(StreamId.main(camera.id()))
                .filter(r -> r.toUs() >= untilUs)
                .isPresent());
    }

    /** One run, no gap, and in its files each frame is one frame's time behind the one before, by the camera's clock. */
    private void assertNoFrameMissing(Camera camera, long fromUs) throws Exception {
        StreamId stream = StreamId.main(camera.id());
        List<Segment> segments = archive.segments(stream, fromUs, Long.MAX_VALUE, 1000);
        assertTrue("there is footage", !segments.isEmpty());
        assertEquals("runs", 1, segments.stream().map(Segment::runId).distinct().count());
        assertEquals(List.of(), archive.gaps(stream, fromUs, Long.MAX_VALUE, 10));
        for (Segment segment : segments) {
            assertEachFrameFollows(Path.of(System.getProperty("nxvms.test.data"), "archive", segment.path()));
        }
    }

    private static void assertEachFrameFollows(Path file) throws Exception {
        try (FileChannel chunk = FileChannel.open(file)) {
            ChunkScan scan = ChunkScan.of(chunk);
            List<SampleTable> tables = new ArrayList<>();
            for (ChunkScan.Fragment fragment : scan.fragments()) {
                tables.add(fragment.header().track(0).orElseThrow());
            }
            assertTrue("frames in " + file, !tables.isEmpty());
            long next = tables.get(0).decodeTime()[0];
            for (SampleTable table : tables) {
                for (int i = 0; i < table.count(); i++) {
                    assertEquals("90 kHz of frame " + i + " of a fragment of " + file, next, table.decodeTime()[i]);
                    next += FRAME_90K;
                }
            }
        }
    }

    private static long nowUs() {
        return System.currentTimeMillis() * 1000;
    }

    private static void until(String what, Callable<Boolean> condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        Exception last = null;
        while (System.nanoTime() < end) {
            try {
                if (condition.call()) {
                    return;
                }
                new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
            } catch (Exception e) {
                last = e;
            }
        }
        fail("waited 60 s, but not: " + what + (last == null ? "" : " (" + last + ")"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Annotation;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.platform.api.health.HealthCheck.Finding;
import org.nxvms.platform.api.health.HealthCheck.Result;
import org.nxvms.platform.api.health.HealthCheck.Status;
import org.nxvms.platform.api.recording.Recorder;

/** Ready means: everything that is expected is there, and works. */
class HealthTest {
    private final Health health =
            new Health(settings("database", "archive", "cameras", "ingest", "recorder", "security"), new SameThread());

    @AfterEach
    void stop() {
        health.deactivate();
    }

    @Test
    void anEmptyServerIsDownAndSaysWhatIsMissing() {
        HealthReport report = health.report();

        assertThat(report.ready()).isFalse();
        assertThat(report.status()).isEqualTo(Status.DOWN);
        assertThat(report.parts())
                .extracting(HealthReport.Part::name)
                .containsExactly("archive", "cameras", "database", "ingest", "recorder", "security");
        assertThat(report.parts()).allSatisfy(part -> assertThat(part.detail()).contains("does not run"));
    }

    @Test
    void readyOnceTheLastPartIsThereAndTheDatabaseTakesWrites() {
        bindServices();
        assertThat(health.report().ready()).as("no database check yet").isFalse();

        HealthCheck database = CheckRunnerTest.check("database", Result::up);
        health.bindCheck(database);
        assertThat(health.report().ready()).isTrue();
        assertThat(health.report().status()).isEqualTo(Status.UP);

        health.unbindCheck(database);
        assertThat(health.report().ready()).isFalse();
        health.bindCheck(CheckRunnerTest.check("database", () -> Result.down("No writes.")));
        assertThat(health.report().ready()).isFalse();
        assertThat(part("database").detail()).isEqualTo("No writes.");
    }

    @Test
    void aCheckIsNotRunForWhoDoesNotWantItsPart() {
        bindServices();
        AtomicInteger asked = new AtomicInteger();
        health.bindCheck(CheckRunnerTest.check("cameras", () -> {
            asked.incrementAndGet();
            return Result.up();
        }));
        assertThat(health.report(part -> !part.equals("cameras")).parts())
                .extracting(HealthReport.Part::name)
                .containsExactly("archive", "database", "ingest", "recorder", "security");
        assertThat(asked).hasValue(0);
        assertThat(health.report().parts()).hasSize(6);
        assertThat(asked).hasValue(1);
    }

    @Test
    void aPartThatGoesMakesItNotReady() {
        Recorder recorder = bindServices();
        health.bindCheck(CheckRunnerTest.check("database", Result::up));
        assertThat(health.report().ready()).isTrue();

        health.unbindRecorder(recorder);

        assertThat(health.report().ready()).isFalse();
        assertThat(part("recorder").status()).isEqualTo(Status.DOWN);
    }

    @Test
    void aCheckOfItsOwnSpeaksForItsPart() {
        bindServices();
        health.bindCheck(
                CheckRunnerTest.check("archive", () -> new Result(Status.DEGRADED, "Slow.", Map.of("openChunks", 3))));

        assertThat(part("archive").detail()).isEqualTo("Slow.");
        assertThat(part("archive").figures()).containsEntry("openChunks", 3);
    }

    @Test
    void ofTwoChecksOfOneNameTheWorseCounts() {
        health.bindCheck(CheckRunnerTest.check("database", Result::up));
        health.bindCheck(CheckRunnerTest.check("database", () -> Result.down("Old one.")));

        assertThat(part("database").status()).isEqualTo(Status.DOWN);
    }

    @Test
    void whatIsNotRequiredOnlyDegrades() {
        bindServices();
        health.bindCheck(CheckRunnerTest.check("database", Result::up));
        health.bindCheck(new HealthCheck() {
            @Override
            public String name() {
                return "mail";
            }

            @Override
            public boolean requiredForReadiness() {
                return false;
            }

            @Override
            public Result check() {
                return Result.down("No mail server.");
            }
        });

        assertThat(health.report().ready()).isTrue();
        assertThat(health.report().status()).isEqualTo(Status.DEGRADED);
        health.modified(settings("mail"));
        assertThat(health.report().ready()).as("unless it is configured to be").isFalse();
    }

    @Test
    void footageThatCannotBeWrittenDegradesTheRecorder() {
        health.bindRecorder(Neighbours.recorder(Optional.of(GapCause.DISK_FULL)));

        assertThat(part("recorder").status()).isEqualTo(Status.DEGRADED);
        assertThat(part("recorder").detail()).contains("1 of 1", "DISK_FULL");
    }

    @Test
    void aFindingNamesTheCameraOfWhichItTells() {
        CameraRegistry cameras = HealthHttpTest.cameras();
        String name = cameras.find(Neighbours.STREAM.cameraId()).orElseThrow().name();
        health.bindCameras(cameras);
        health.bindRecorder(Neighbours.recorder(Optional.of(GapCause.DISK_FULL)));

        assertThat(part("recorder").detail()).contains(name + ": It is DISK_FULL");
        assertThat(part("recorder").result().findings())
                .containsExactly(new Finding("streams_unwritten", Map.of("camera", name, "count", 1, "all", 1)));
        assertThat(part("cameras").result().findings())
                .extracting(finding -> finding.parameters().get("state"))
                .containsExactly("offline");
        assertThat(part("cameras").detail()).contains((String)
                part("cameras").result().findings().get(0).parameters().get("camera"));
    }

    @Test
    void aCameraThatIsOffIsNoFaultOfTheRecorder() {
        health.bindRecorder(Neighbours.recorder(Optional.of(GapCause.CAMERA_UNREACHABLE)));

        assertThat(part("recorder").status()).isEqualTo(Status.UP);
    }

    @Test
    void anArchiveWithoutAReadyVolumeIsDown() {
        Archive bad = Neighbours.archive("absent");
        health.bindArchive(bad);
        assertThat(part("archive").status()).isEqualTo(Status.DOWN);
        assertThat(part("archive").detail()).contains("main is absent");
    }

    @Test
    void oneReadyVolumeOfTwoDegradesTheArchive() {
        health.bindArchive(Neighbours.archive("ready", "absent"));

        assertThat(part("archive").status()).isEqualTo(Status.DEGRADED);
    }

    private Recorder bindServices() {
        Recorder recorder = Neighbours.recorder(Optional.empty());
        health.bindArchive(Neighbours.archive("ready"));
        health.bindCameras(Neighbours.noCameras());
        health.bindIngest(Neighbours.ingest());
        health.bindRecorder(recorder);
        health.bindGuard(new Neighbours.Guard());
        return recorder;
    }

    private HealthReport.Part part(String name) {
        return health.report().parts().stream()
                .collect(Collectors.toMap(HealthReport.Part::name, part -> part))
                .get(name);
    }

    static Health.Settings settings(String... parts) {
        return new Settings(parts);
    }

    private record Settings(String[] parts) implements Health.Settings {
        @Override
        public String[] requiredParts() {
            return parts;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return Health.Settings.class;
        }
    }
}

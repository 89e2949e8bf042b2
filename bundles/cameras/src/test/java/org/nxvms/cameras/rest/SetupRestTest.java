// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.cameras.fake.FakeDevice;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.cameras.fake.Registry;
import org.nxvms.cameras.setup.Setup;
import org.nxvms.driver.spi.DeviceAnalytics.Carriage;
import org.nxvms.driver.spi.DeviceAnalytics.Metadata;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.media.StreamRole;

/** A camera is added by its address and its login alone, and what works on it is said. */
class SetupRestTest extends SetupScene {
    @RegisterExtension
    static final CamerasServer server = new CamerasServer();

    SetupRestTest() {
        super(server);
    }

    private static void await(CountDownLatch latch) throws DriverException {
        try {
            if (latch.await(30, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        throw new DriverException(Kind.UNREACHABLE, "Nobody came.");
    }

    private static void fails(FakeDriver driver, Kind kind) {
        driver.behaviour = target -> {
            throw new DriverException(kind, "It said " + kind + ".");
        };
    }

    private static JsonNode check(JsonNode report, String name) {
        for (JsonNode check : report.path("checks")) {
            if (check.path("name").asText().equals(name)) {
                return check;
            }
        }
        throw new AssertionError(name + " is not among " + report);
    }

    private static String state(JsonNode report, String name) {
        return check(report, name).path("state").asText();
    }

    @Test
    void whoKnowsMostOfTheDeviceSpeaksWithItAndTheReportIsKept() throws Exception {
        JsonNode answer = added("192.0.2.10:8080", "");

        JsonNode camera = answer.path("camera");
        assertThat(camera.path("driver").asText()).isEqualTo("maker");
        assertThat(camera.path("address").asText()).isEqualTo("http://192.0.2.10:8080");
        assertThat(camera.path("name").asText()).isEqualTo("Maker Model 192.0.2.10");
        JsonNode report = answer.path("report");
        assertThat(report.path("identity").path("model").asText()).isEqualTo("Model");
        assertThat(state(report, "login")).isEqualTo("works");
        assertThat(state(report, "main_stream")).isEqualTo("works");
        assertThat(check(report, "main_stream").path("seen").asText()).contains("1920x1080", "120 ms");
        assertThat(state(report, "sub_stream")).isEqualTo("absent");
        assertThat(check(report, "sub_stream").path("advice").asText()).contains("second profile");
        assertThat(state(report, "ptz")).isEqualTo("absent");
        assertThat(answer.toString()).doesNotContain("geheim");

        String path = CAMERAS + "/" + camera.path("id").asText();
        assertThat(JSON.readTree(server.send("GET", path + "/report", "").body()))
                .isEqualTo(report);
        assertThat(server.send("DELETE", path, "").statusCode()).isEqualTo(204);
        assertThat(server.send("GET", path + "/report", "").statusCode()).isEqualTo(404);
    }

    @Test
    void aCameraThatWasNeverTriedHasNoReportWhichIsNoFault() throws Exception {
        JsonNode camera = JSON.readTree(
                server.send("POST", CAMERAS, "{\"name\":\"G\",\"driver\":\"rtsp\",\"address\":\"rtsp://c/1\"}")
                        .body());

        HttpResponse<String> answer =
                server.send("GET", CAMERAS + "/" + camera.path("id").asText() + "/report", "");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void whatTheDeviceCanIsTriedWithoutMovingIt() throws Exception {
        FakeDevice device = new FakeDevice();
        maker.device = Optional.of(device);

        JsonNode report = added("192.0.2.11", "").path("report");

        assertThat(state(report, "events")).isEqualTo("works");
        assertThat(state(report, "ptz")).isEqualTo("works");
        assertThat(check(report, "ptz").path("seen").asText()).contains("pan");
        assertThat(state(report, "clock")).isEqualTo("limited");
        assertThat(check(report, "clock").path("seen").asText()).contains("fast");
        assertThat(state(report, "snapshot")).isEqualTo("works");
        assertThat(state(report, "edge_recordings")).isEqualTo("works");
        assertThat(device.told).allMatch(told -> told.endsWith("subscribe"));
    }

    @Test
    void whatTheDeviceDidNotAnswerAboutIsSaid() throws Exception {
        maker.device = Optional.of(new FakeDevice());
        maker.silent = Set.of(Ptz.class);

        JsonNode report = added("192.0.2.34", "").path("report");

        assertThat(state(report, "ptz")).isEqualTo("fails");
        assertThat(check(report, "ptz").path("seen").asText()).contains("did not answer", "It hangs.");
        assertThat(check(report, "ptz").path("advice").asText()).contains("asked again by itself");
        assertThat(state(report, "snapshot")).isEqualTo("works");
    }

    /** Whoever knows the time limit takes all of it for what hangs. */
    private static void hangs(DeviceTarget target, int parts) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos((long) parts * target.timeoutMs());
        while (System.nanoTime() - end < 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    @Test
    void aCameraOfWhichTwoPartsHangIsAddedAllTheSame() throws Exception {
        maker.behaviour = target -> hangs(target, maker.opened.size() == 1 ? 2 : 0);
        fails(standard, Kind.PROTOCOL);
        fails(streams, Kind.UNREACHABLE);

        JsonNode report = added("192.0.2.35", "").path("report");

        assertThat(state(report, "main_stream")).isEqualTo("works");
    }

    /** So that two parts that hang leave time for what does not, as {@link #aCameraOfWhichTwoPartsHangIsAddedAllTheSame}. */
    @Test
    void thereIsTimeForADeviceOfWhichTwoPartsHangAndForItsStreams() {
        Setup.Limits usual = Setup.Limits.USUAL;
        assertThat(usual.contactMs()).isGreaterThanOrEqualTo(3 * usual.exchangeMs());
        assertThat(usual.totalMs()).isGreaterThanOrEqualTo(usual.contactMs() + 3_000);
    }

    @Test
    void aCameraThatIsTooSlowIsNotSaidToBeAway() throws Exception {
        server.useInstead(new Registry(new Setup.Limits(60_000, 1_000, 1_000)));
        install();
        maker.behaviour = target -> hangs(target, 1_000);
        fails(standard, Kind.UNREACHABLE);
        fails(streams, Kind.UNREACHABLE);

        HttpResponse<String> answer = add("192.0.2.36", "");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(JSON.readTree(answer.body()).path("detail").asText())
                .contains("needs longer than 1 s")
                .doesNotContain("Nobody answers");
    }

    @Test
    void aHeadThatDoesNotSayWhereItIsWorks() throws Exception {
        FakeDevice device = new FakeDevice();
        device.lost = Optional.of(new DriverException(Kind.PROTOCOL, "It does not know."));
        maker.device = Optional.of(device);

        JsonNode ptz = check(added("192.0.2.37", "").path("report"), "ptz");

        assertThat(ptz.path("state").asText()).isEqualTo("works");
        assertThat(ptz.path("seen").asText()).contains("pan", "does not say where it is");
        device.lost = Optional.of(new DriverException(Kind.UNREACHABLE, "It hangs."));
        assertThat(state(added("192.0.2.38", "").path("report"), "ptz")).isEqualTo("fails");
    }

    @Test
    void whatTheDeviceDetectsIsSaidAndWhetherItsStreamsCarryIt() throws Exception {
        FakeDevice device = new FakeDevice();
        maker.device = Optional.of(device);

        JsonNode carried = check(added("192.0.2.30", "").path("report"), "analytics");
        assertThat(carried.path("state").asText()).isEqualTo("works");
        assertThat(carried.path("seen").asText())
                .isEqualTo(
                        "It is set up to detect LineDetector \"Fence\". It could detect FieldDetector. It finds things by"
                                + " CellMotionEngine. What it finds is carried by the main stream.");

        device.metadata = new Metadata(StreamRole.MAIN, Carriage.POSSIBLE, "Switch it on.");
        JsonNode possible = check(added("192.0.2.31", "").path("report"), "analytics");
        assertThat(possible.path("state").asText()).isEqualTo("limited");
        assertThat(possible.path("seen").asText()).endsWith("could be carried, and is not, by the main stream.");
        assertThat(possible.path("advice").asText()).isEqualTo("Switch it on.");

        device.metadata = new Metadata(StreamRole.MAIN, Carriage.REFUSED, "It says no.");
        JsonNode refused = check(added("192.0.2.32", "").path("report"), "analytics");
        assertThat(refused.path("state").asText()).isEqualTo("limited");
        assertThat(refused.path("seen").asText()).endsWith("was to be carried by the main stream: It says no.");

        device.metadata = new Metadata(StreamRole.MAIN, Carriage.IMPOSSIBLE, "");
        JsonNode none = check(added("192.0.2.33", "").path("report"), "analytics");
        assertThat(none.path("state").asText()).isEqualTo("works");
        assertThat(none.path("seen").asText()).endsWith("there are events, and no boxes.");
    }

    @Test
    void whatTheDeviceOffersButDoesNotDoIsSaidWithWhatToDo() throws Exception {
        FakeDevice device = new FakeDevice();
        device.clockAhead = Duration.ZERO;
        device.behaviour = () -> {
            throw new DriverException(Kind.AUTH, "It may not.");
        };
        maker.device = Optional.of(device);

        JsonNode report = added("192.0.2.12", "").path("report");

        assertThat(state(report, "clock")).isEqualTo("works");
        assertThat(state(report, "events")).isEqualTo("fails");
        assertThat(check(report, "events").path("seen").asText()).contains("It may not.");
        assertThat(check(report, "events").path("advice").asText()).contains("rights");
    }

    @Test
    void streamsAloneAreTakenWhenNobodyKnowsTheDevice() throws Exception {
        fails(maker, Kind.PROTOCOL);
        fails(standard, Kind.UNREACHABLE);

        JsonNode answer = added("rtsp://192.0.2.13/live", ",\"name\":\"Gate\"");
        assertThat(answer.path("camera").path("driver").asText()).isEqualTo("streams");
        assertThat(answer.path("camera").path("name").asText()).isEqualTo("Gate");
        assertThat(state(answer.path("report"), "identity")).isEqualTo("limited");

        assertThat(added("192.0.2.13", "").path("camera").path("address").asText())
                .isEqualTo("rtsp://192.0.2.13");
    }

    @ParameterizedTest
    @CsvSource({
        "AUTH,        PROTOCOL,    camera-auth,        password",
        "PROTOCOL,    AUTH,        camera-auth,        password",
        "UNREACHABLE, UNREACHABLE, camera-unreachable, address",
        "PROTOCOL,    UNREACHABLE, camera-protocol,    address"
    })
    void whatIsWrongIsSaidByField(Kind one, Kind other, String type, String field) throws Exception {
        fails(maker, one);
        fails(standard, other);
        fails(streams, Kind.UNREACHABLE);

        HttpResponse<String> answer = add("192.0.2.14", "");

        assertThat(answer.statusCode()).isEqualTo(422);
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.path("type").asText()).isEqualTo("/problems/" + type);
        assertThat(problem.path("errors").get(0).path("field").asText()).isEqualTo(field);
        assertThat(answer.body()).doesNotContain("geheim");
        assertThat(server.registry().store.rows).isEmpty();
    }

    @Test
    void aStreamThatCannotBeOpenedKeepsTheCameraOutOnlyWhenItIsMain() throws Exception {
        server.registry().ingest.probeFailures.put("/dark", new DriverException(Kind.UNREACHABLE, "No picture came."));

        HttpResponse<String> answer = add("http://192.0.2.15/dark", "");
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(JSON.readTree(answer.body()).path("detail").asText()).isEqualTo("No picture came.");
        assertThat(server.registry().store.rows).isEmpty();
    }

    /** What answers there is no stream, and who might know better did not hear of it in time. */
    @Test
    void whyNobodyKnowsADeviceIsSaidByAllWhoWereAsked() throws Exception {
        fails(maker, Kind.PROTOCOL);
        fails(standard, Kind.UNREACHABLE);
        server.registry().ingest.probeFailures.put("", new DriverException(Kind.PROTOCOL, "The peer speaks HTTP."));

        HttpResponse<String> answer = add("192.0.2.19", "");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(JSON.readTree(answer.body()).path("detail").asText())
                .startsWith("What answers is not a camera that an installed driver knows.")
                .contains("standard: It said UNREACHABLE.", "streams: The peer speaks HTTP.");
        assertThat(server.registry().store.rows).isEmpty();
    }

    /** Both streams are opened at once, and the other one is first. */
    @Test
    void aCameraThatServesOneStreamAtATimeIsAdded() throws Exception {
        maker.hasSub = true;
        CountDownLatch subIsIn = new CountDownLatch(1);
        CountDownLatch mainIsOut = new CountDownLatch(1);
        server.registry().ingest.probing = endpoint -> {
            boolean sub = endpoint.uri().getPath().equals("/sub");
            if (sub) {
                subIsIn.countDown();
                await(mainIsOut);
            } else if (mainIsOut.getCount() > 0) {
                await(subIsIn);
                mainIsOut.countDown();
                throw new DriverException(Kind.BUSY, "Too many sessions are open.");
            }
        };

        JsonNode report = added("http://192.0.2.18/main", "").path("report");

        assertThat(state(report, "main_stream")).isEqualTo("works");
        assertThat(state(report, "sub_stream")).isEqualTo("limited");
        assertThat(check(report, "sub_stream").path("advice").asText()).contains("serve more streams");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"169.254.169.254", "http://169.254.169.254/x", "rtsp://0.0.0.0/", "ftp://192.0.2.1", "a b", ""})
    void whereTheServerSpeaksToNobodyNoDriverIsAsked(String address) throws Exception {
        HttpResponse<String> answer = add(address, "");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(JSON.readTree(answer.body())
                        .path("errors")
                        .get(0)
                        .path("field")
                        .asText())
                .isEqualTo("address");
        assertThat(maker.opened).isEmpty();
        assertThat(standard.opened).isEmpty();
        assertThat(streams.opened).isEmpty();
    }

    @Test
    void aCameraIsAddedOnce() throws Exception {
        String id = added("192.0.2.16", "").path("camera").path("id").asText();

        HttpResponse<String> again = add("http://192.0.2.16/", "");

        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.body()).contains(id);
        assertThat(server.registry().store.rows).hasSize(1);
    }

    @Test
    void aCameraIsTriedAgainBesideWhatItDoes() throws Exception {
        String path = server.add("Yard", "");
        assertThat(server.send("GET", path + "/report", "").statusCode()).isEqualTo(204);
        assertThat(server.send("POST", path + "/report", "", "Authorization", "Bearer viewer")
                        .statusCode())
                .isEqualTo(403);
        server.registry().ingest.probeFailures.put("/Yard", new DriverException(Kind.BUSY, "It is busy."));

        HttpResponse<String> tried = server.send("POST", path + "/report", "");

        assertThat(tried.statusCode()).as(tried.body()).isEqualTo(200);
        JsonNode report = JSON.readTree(tried.body());
        assertThat(state(report, "main_stream")).isEqualTo("fails");
        assertThat(check(report, "main_stream").path("seen").asText()).isEqualTo("It is busy.");
        assertThat(JSON.readTree(server.send("GET", path + "/report", "").body()))
                .isEqualTo(report);
        assertThat(server.registry().ingest.disturbances).allMatch(what -> what.startsWith("start "));
    }
}

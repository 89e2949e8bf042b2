// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceAnalytics;
import org.nxvms.driver.spi.DeviceAnalytics.Carriage;
import org.nxvms.driver.spi.DeviceEvent;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DigitalIo;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.EdgeRecordings;
import org.nxvms.driver.spi.Imaging;

/** Devices that keep to the letter of the standard, or not to it, where the simulated ones do not. */
class OnvifOddDevicesTest {
    private final OnvifDriver driver = new OnvifDriver();
    private ScriptedDevice device;

    @BeforeEach
    void start() throws Exception {
        device = new ScriptedDevice();
    }

    @AfterEach
    void stop() {
        device.close();
        driver.close();
    }

    @Test
    void anOldDeviceThatSays400ToWhatItDoesNotKnowIsNoWrongPassword() throws Exception {
        try (CameraSession session = driver.open(device.target())) {
            assertThat(session.identity().manufacturer()).isEqualTo("Scripted");
        }
        assertThat(device.asked("GetServices "))
                .as("it was asked, and does not know it")
                .isNotEmpty();
    }

    @Test
    void whatHangsBesideThePicturesCostsItselfAndNothingElse() throws Exception {
        device.has(Service.DEVICE_IO, "/onvif/io")
                .doesNotAnswer("GetNetworkInterfaces")
                .doesNotAnswer("GetAudioDecoderConfigurationOptions")
                .doesNotAnswer("GetDigitalInputs")
                .doesNotAnswer("GetRelayOutputs");
        try (CameraSession session = driver.open(device.target())) {
            assertThat(session.identity().macAddress()).isEmpty();
            assertThat(session.capability(AudioOut.class)).isEmpty();
            assertThat(session.capability(DigitalIo.class)).isEmpty();
            assertThat(session.unanswered())
                    .as("it is said, so that it is asked again")
                    .isEqualTo(Map.of(
                            AudioOut.class, "GetAudioDecoderConfigurationOptions got no answer",
                            DigitalIo.class, "GetRelayOutputs got no answer"));
        }
        assertThat(device.asked("GetRelayOutputs")).isNotEmpty();
    }

    @Test
    void metadataThatHangsCostsItselfAndNothingElse() throws Exception {
        device.answers(
                        "GetCompatibleMetadataConfigurations",
                        "<GetCompatibleMetadataConfigurationsResponse><Configurations token=\"m\"><Name>m</Name>"
                                + "</Configurations></GetCompatibleMetadataConfigurationsResponse>")
                .doesNotAnswer("SetMetadataConfiguration");
        try (CameraSession session = driver.open(device.target(Map.of("metadata", "add")))) {
            DeviceAnalytics analytics =
                    session.capability(DeviceAnalytics.class).orElseThrow();
            assertThat(analytics.analysis().streams())
                    .extracting(DeviceAnalytics.Metadata::carriage)
                    .containsExactly(Carriage.REFUSED);
        }
        assertThat(device.asked("AddMetadataConfiguration")).isEmpty();
    }

    @Test
    void aProfileThatNamesItsMetadataAndNoMoreIsBelievedByItsConfiguration() throws Exception {
        device.answers(
                        "GetProfiles",
                        "<GetProfilesResponse><Profiles token=\"p\"><Name>main</Name><VideoEncoderConfiguration token=\"e\">"
                                + "<Encoding>H264</Encoding></VideoEncoderConfiguration>"
                                + "<MetadataConfiguration token=\"m\"/></Profiles></GetProfilesResponse>")
                .answers(
                        "GetProfile",
                        "<GetProfileResponse><Profile token=\"p\"><MetadataConfiguration token=\"m\"/></Profile>"
                                + "</GetProfileResponse>")
                .answers(
                        "GetMetadataConfiguration",
                        "<GetMetadataConfigurationResponse><Configuration token=\"m\"><Analytics>true</Analytics>"
                                + "</Configuration></GetMetadataConfigurationResponse>");
        try (CameraSession session = driver.open(device.target(Map.of("metadata", "add")))) {
            assertThat(session.capability(DeviceAnalytics.class)
                            .orElseThrow()
                            .analysis()
                            .streams())
                    .extracting(DeviceAnalytics.Metadata::carriage)
                    .containsExactly(Carriage.CARRIED);
        }
        assertThat(device.asked("<o:Set")).as("nothing is changed").isEmpty();
        assertThat(device.asked("<o:Add")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"GZIP,POSSIBLE", "EXI,POSSIBLE", "None,CARRIED", "'',CARRIED"})
    void metadataThatIsCompressedIsNotCarriedForUs(String compression, Carriage expected) throws Exception {
        String configuration =
                " token=\"m\" CompressionType=\"" + compression + "\"><Name>m</Name><Analytics>true" + "</Analytics>";
        device.answers(
                        "GetProfiles",
                        "<GetProfilesResponse><Profiles token=\"p\"><Name>main</Name><VideoEncoderConfiguration token=\"e\">"
                                + "<Encoding>H264</Encoding></VideoEncoderConfiguration><MetadataConfiguration"
                                + configuration + "</MetadataConfiguration></Profiles></GetProfilesResponse>")
                .answers(
                        "GetMetadataConfiguration",
                        "<GetMetadataConfigurationResponse><Configuration" + configuration
                                + "</Configuration></GetMetadataConfigurationResponse>")
                .answers("GetVideoAnalyticsConfigurations", "<GetVideoAnalyticsConfigurationsResponse/>")
                .has(Service.ANALYTICS, "/onvif/analytics");
        try (CameraSession session = driver.open(device.target())) {
            assertThat(session.capability(DeviceAnalytics.class)
                            .orElseThrow()
                            .analysis()
                            .streams())
                    .extracting(DeviceAnalytics.Metadata::carriage)
                    .containsExactly(expected);
        }
        driver.open(device.target(Map.of("metadata", "add"))).close();
        assertThat(device.asked("<o:SetMetadataConfiguration"))
                .hasSize(expected == Carriage.CARRIED ? 0 : 1)
                .allSatisfy(asked ->
                        assertThat(asked).contains("CompressionType=\"None\"").doesNotContain("GZIP"));
    }

    @Test
    void relaysThatOneServiceDoesNotKnowAreSwitchedByTheOther() throws Exception {
        device.has(Service.DEVICE_IO, "/onvif/io")
                .refusesWithout(
                        "GetRelayOutputs",
                        "/onvif/io ",
                        "<GetRelayOutputsResponse><RelayOutputs token=\"r1\"/></GetRelayOutputsResponse>")
                .refusesWithout("SetRelayOutputState", "/onvif/io ", "<SetRelayOutputStateResponse/>");
        try (CameraSession session = driver.open(device.target())) {
            DigitalIo io = session.capability(DigitalIo.class).orElseThrow();
            assertThat(io.ports()).extracting(DigitalIo.Port::id).containsExactly("r1");
            io.set("r1", true);
            assertThat(io.ports()).extracting(DigitalIo.Port::on).containsExactly(true);
        }
    }

    @Test
    void whatIsAtNoPathOfOursIsAtTheToldPortOfTheSameHost() throws Exception {
        try (ScriptedDevice other = new ScriptedDevice()) {
            String there = "http://10.0.0.1:" + other.port();
            device.has(Service.EVENTS, there + "/onvif/events")
                    .lacks("/onvif/events")
                    .lacks("/onvif/pull");
            other.answers(
                            "CreatePullPointSubscription",
                            "<CreatePullPointSubscriptionResponse><SubscriptionReference><Address>" + there
                                    + "/onvif/pull</Address></SubscriptionReference></CreatePullPointSubscriptionResponse>")
                    .answers("GetServiceCapabilities", "<Fault/>")
                    .answers("PullMessages", "<PullMessagesResponse/>");
            try (CameraSession session = driver.open(device.target());
                    DeviceEvents.Feed feed =
                            session.capability(DeviceEvents.class).orElseThrow().subscribe()) {
                OnvifEventsTest.until(feed, DeviceEvent.synchronised());
            }
            assertThat(other.asked("/onvif/pull ")).isNotEmpty();
            assertThat(other.asked("GetProfiles"))
                    .as("what is here is asked here")
                    .isEmpty();
            assertThat(other.asked("GetServiceCapabilities"))
                    .as("it is looked for once, without a login")
                    .hasSize(1)
                    .noneMatch(request -> request.contains("UsernameToken"));
        }
    }

    /** {@return what somebody at the port is asked that a device tells of its inputs, who answers all in the same way} */
    private List<String> askedAt(int status, String challenge) throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer stranger = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        stranger.createContext("/", exchange -> {
            String login = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            asked.add(login + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (!challenge.isEmpty()) {
                exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
            }
            exchange.getResponseHeaders().set("Location", "/login.html");
            byte[] page = "<html>Router</html>".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        stranger.start();
        device.has(Service.DEVICE_IO, "http://10.0.0.1:" + stranger.getAddress().getPort() + "/onvif/io")
                .lacks("/onvif/io");
        try (CameraSession session = driver.open(device.target())) {
            assertThat(session.capability(DigitalIo.class)).isEmpty();
        } finally {
            stranger.stop(0);
        }
        return asked;
    }

    @ParameterizedTest
    @CsvSource({"200,''", "302,''", "400,''", "401,Basic realm=r", "403,''", "429,''", "500,''", "503,''"})
    void aStrangerAtTheToldPortIsAskedOnceWithoutALogin(int status, String challenge) throws Exception {
        assertThat(askedAt(status, challenge))
                .singleElement()
                .satisfies(asked -> assertThat(asked).startsWith("null").doesNotContain("UsernameToken"));
    }

    @Test
    void whoWantsALoginByDigestAtTheToldPortIsSpokenTo() throws Exception {
        assertThat(askedAt(401, "Basic realm=\"r\", Digest realm=\"r\", nonce=\"n\", qop=\"auth\""))
                .hasSizeGreaterThan(1)
                .noneMatch(asked -> asked.startsWith("Basic"));
    }

    @Test
    void aRoutersPortIsNotLeftForOneThatTheDeviceTellsOfItsOwnNetwork() throws Exception {
        try (ScriptedDevice other = new ScriptedDevice()) {
            device.has(Service.DEVICE_IO, "http://10.0.0.1:" + other.port() + "/onvif/io")
                    .doesNotAnswer("GetServiceCapabilities")
                    .answers(
                            "GetDigitalInputs",
                            "<GetDigitalInputsResponse><DigitalInputs token=\"i1\"/></GetDigitalInputsResponse>");
            try (CameraSession session = driver.open(device.target())) {
                assertThat(session.capability(DigitalIo.class)).isPresent();
            }
            assertThat(other.asked("")).as("a stranger").isEmpty();
        }
    }

    /** One that records itself. */
    private EdgeRecordings records(CameraSession session) throws DriverException {
        return session.capability(EdgeRecordings.class).orElseThrow();
    }

    private static String recorded(int number) {
        return "<RecordingInformation><RecordingToken>r" + number + "</RecordingToken><EarliestRecording>"
                + Instant.EPOCH.plusSeconds(number) + "</EarliestRecording><LatestRecording>"
                + Instant.EPOCH.plusSeconds(number + 1) + "</LatestRecording></RecordingInformation>";
    }

    private void searches(String state, int from, int to) {
        device.answers(
                        "GetServices",
                        "<GetServicesResponse><Service><Namespace>http://www.onvif.org/ver10/media/wsdl</Namespace><XAddr>"
                                + "/onvif/media</XAddr></Service><Service><Namespace>" + Service.SEARCH.namespace()
                                + "</Namespace><XAddr>/onvif/search</XAddr></Service><Service><Namespace>"
                                + Service.REPLAY.namespace()
                                + "</Namespace><XAddr>/onvif/replay</XAddr></Service></GetServicesResponse>")
                .answers(
                        "FindRecordings",
                        "<FindRecordingsResponse><SearchToken>s</SearchToken></FindRecordingsResponse>")
                .answers("EndSearch", "<EndSearchResponse/>")
                .answers(
                        "GetRecordingSearchResults",
                        "<GetRecordingSearchResultsResponse><ResultList><SearchState>" + state + "</SearchState>"
                                + IntStream.range(from, to)
                                        .map(number -> to - 1 - number + from)
                                        .mapToObj(OnvifOddDevicesTest::recorded)
                                        .collect(Collectors.joining())
                                + "</ResultList></GetRecordingSearchResultsResponse>");
    }

    @Test
    void aSearchThatDoesNotEndIsEndedInTime() throws Exception {
        searches("Searching", 0, 1);
        DeviceTarget usual = device.target();
        DeviceTarget hasty =
                new DeviceTarget(usual.address(), Optional.empty(), usual.credentials(), usual.settings(), 2_000);
        try (CameraSession session = driver.open(hasty)) {
            long begun = System.nanoTime();
            OnvifDriverTest.assertKind(DriverException.Kind.BUSY, "in time", () -> records(session)
                    .recordings(Instant.EPOCH, Instant.MAX));
            assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.MILLISECONDS.toNanos(15_000));
        }
        assertThat(device.asked("EndSearch")).as("the goodbye").hasSize(1);
    }

    @Test
    void whateverTheOrderOfADevicesAnswersTheOldestAreTold() throws Exception {
        searches("Completed", 0, 1_500);
        try (CameraSession session = driver.open(device.target())) {
            List<EdgeRecordings.Recording> all = records(session).recordings(Instant.EPOCH, Instant.MAX);
            assertThat(all).hasSize(EdgeRecordings.RECORDINGS_MAX);
            assertThat(all.get(0).id()).isEqualTo("r0");
            assertThat(records(session)
                            .recordings(all.get(all.size() - 1).from().plusSeconds(1), Instant.MAX))
                    .as("behind it")
                    .hasSize(500);
        }
        assertThat(device.asked("MaxMatches"))
                .as("which are the first is the device's word")
                .isEmpty();
    }

    @Test
    void exposureAndFocusAreSetByHand() throws Exception {
        device.has(Service.IMAGING, "/onvif/imaging")
                .answers(
                        "GetProfiles",
                        "<GetProfilesResponse><Profiles token=\"p\"><Name>main</Name><VideoSourceConfiguration token=\"c\">"
                                + "<SourceToken>v</SourceToken></VideoSourceConfiguration>"
                                + "<VideoEncoderConfiguration token=\"e\"><Encoding>H264</Encoding>"
                                + "</VideoEncoderConfiguration></Profiles></GetProfilesResponse>")
                .answers(
                        "GetOptions",
                        "<GetOptionsResponse><ImagingOptions><Exposure><Mode>AUTO</Mode><Mode>MANUAL</Mode><ExposureTime>"
                                + "<Min>10</Min><Max>40000</Max></ExposureTime><Gain><Min>0</Min><Max>30</Max></Gain>"
                                + "</Exposure></ImagingOptions></GetOptionsResponse>")
                .answers(
                        "GetImagingSettings",
                        "<GetImagingSettingsResponse><ImagingSettings><Exposure><Mode>MANUAL</Mode>"
                                + "<ExposureTime>20000</ExposureTime><Gain>3.0</Gain></Exposure></ImagingSettings>"
                                + "</GetImagingSettingsResponse>")
                .answers("SetImagingSettings", "<SetImagingSettingsResponse/>")
                .answers(
                        "GetMoveOptions",
                        "<GetMoveOptionsResponse><MoveOptions><Relative><Distance><Min>-1</Min><Max>1</Max></Distance>"
                                + "</Relative></MoveOptions></GetMoveOptionsResponse>")
                .answers("Move", "<MoveResponse/>");
        try (CameraSession session = driver.open(device.target())) {
            Imaging imaging = session.capability(Imaging.class).orElseThrow();
            assertThat(imaging.values())
                    .isEqualTo(Map.of("exposure", "manual", "exposure_time_us", "20000", "exposure_gain", "3"));
            imaging.change(Map.of("exposure_time_us", "1000"));
            imaging.perform("focus_near");
        }
        assertThat(device.asked("<o:SetImagingSettings ")).hasSize(1).allSatisfy(request -> assertThat(request)
                .as("the mode goes along, as the schema wants it")
                .contains("<tt:Exposure><tt:Mode>MANUAL</tt:Mode><tt:ExposureTime>1000</tt:ExposureTime>"));
        assertThat(device.asked("<o:Move ")).hasSize(1).allSatisfy(request -> assertThat(request)
                .contains("<tt:Relative><tt:Distance>-0.0500</tt:Distance>"));
    }
}

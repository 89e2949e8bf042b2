// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.health.Neighbours.answering;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.VolumeUsage;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraStatus;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.platform.api.event.Event;
import org.nxvms.platform.api.event.EventAttributes;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.event.EventSource;
import org.nxvms.platform.api.event.EventSpan;
import org.nxvms.platform.api.recording.Recorder;
import org.nxvms.platform.api.security.UserDirectory;
import org.nxvms.platform.api.support.SupportBusyException;
import org.nxvms.platform.api.support.SupportPart;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** A bundle of a server in which secrets and names are wherever the product keeps them, and where they might get by accident. */
class SupportBundleTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final UUID CAMERA = UUID.fromString("00000000-0000-4000-8000-00000000000a");
    private static final String ALL_OF_THEM = String.join("; ", Secrets.sentences());
    private static final String HEAD =
            "2026-11-28T03:15:00,123+0000 | WARN  | nxvms-ctl-1          | o.n.c.control.Supervision                | "
                    + CAMERA + " | ";

    @TempDir
    private Path folder;

    private SupportBundle bundle;

    @BeforeEach
    void open() throws IOException {
        StringBuilder log = new StringBuilder();
        for (String sentence : Secrets.sentences()) {
            log.append(HEAD).append(sentence).append('\n');
            log.append("java.io.IOException: ").append(sentence).append('\n');
            log.append(sentence).append('\n');
        }
        Files.writeString(folder.resolve("nxvms.log"), log);
        Files.writeString(folder.resolve("shell-logins.log"), ALL_OF_THEM);
        Files.writeString(folder.resolve("initial-admin-password"), Secrets.PASSWORD);

        bundle = new SupportBundle(
                context(), () -> Map.of("parts", List.of(Map.of("detail", ALL_OF_THEM, "status", "down", "pool", 5))));
        bundle.services(
                answering(
                        ServerIdentity.class,
                        Map.of("serverId", new UUID(0, 9), "name", Secrets.SERVER, "dataFolder", folder)),
                settings(),
                answering(
                        UserDirectory.class,
                        Map.of(
                                "list",
                                List.of(new UserDirectory.User(
                                        new UUID(0, 3), Secrets.USER, "administrator", false, false)))));
        bundle.media(cameras(), answering(Recorder.class, Map.of("statuses", List.of())), archive(), events());
        bundle.bindPart(new SupportPart() {
            @Override
            public String name() {
                return "features";
            }

            @Override
            public String about() {
                return "each feature";
            }

            @Override
            public Map<String, Object> facts() {
                return Map.of("features", List.of(Map.of("name", "nxvms-driver-onvif", "from", Secrets.URL)));
            }
        });
    }

    @Test
    void noSecretAndNoNameIsInItWhereverTheyWere() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        Thread named = new Thread(
                () -> {
                    try {
                        seen.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "session of " + Secrets.USER + " " + Secrets.TOKEN);
        named.start();
        System.setProperty("nxvms.db.password", Secrets.PASSWORD);
        try {
            Map<String, String> files = written();
            assertThat(files.keySet().stream().map(name -> name.substring("nxvms-support/".length())))
                    .containsExactly(
                            "README.md",
                            "server.json",
                            "health.json",
                            "bundles.json",
                            "settings.json",
                            "cameras.json",
                            "volumes.json",
                            "events.json",
                            "features.json",
                            "memory.json",
                            "threads.txt",
                            "nxvms.log",
                            "written.txt");
            assertThat(files.get("nxvms-support/written.txt")).doesNotContain("missing", "cut");
            files.forEach((name, text) ->
                    assertThat(text).as(name).doesNotContain(Secrets.all().toArray(String[]::new)));
        } finally {
            System.clearProperty("nxvms.db.password");
            seen.countDown();
            named.join();
        }
    }

    @Test
    void whatHelpsIsInIt() throws Exception {
        Map<String, String> files = written();

        JsonNode camera = json(files, "cameras.json").get(0);
        assertThat(camera.get("id").asText()).isEqualTo(CAMERA.toString());
        assertThat(camera.get("driver").asText()).isEqualTo("onvif");
        assertThat(camera.get("cause").asText()).isEqualTo("camera_unreachable");
        assertThat(camera.at("/streams/0/framesPerSecond").asDouble()).isEqualTo(12.5);
        JsonNode settings = json(files, "settings.json");
        assertThat(settings.get("org.nxvms.web"))
                .isEqualTo(JSON.readTree("{\"port\":\"8443\",\"verify\":\"true\",\"mode\":\"fast\",\"wrong\":\"[set]\","
                        + "\"title\":\"[set]\",\"secret\":\"[set]\",\"none\":\"[empty]\",\"[others]\":2}"));
        assertThat(settings.get("org.nxvms.integration.oidc#1")).isNotNull();
        assertThat(settings.get("org.nxvms.integration.oidc#2")).isNotNull();
        assertThat(settings.get("[unreadable]").toString()).isEqualTo("[\"com.example.odd\"]");
        assertThat(json(files, "bundles.json").get(1))
                .isEqualTo(JSON.readTree("{\"id\":7,\"name\":\"org.nxvms.web\",\"version\":\"0.1.0\","
                        + "\"state\":\"active\",\"modified\":\"1970-01-01T00:00:00Z\"}"));
        assertThat(json(files, "volumes.json").at("/0/usableBytes").asLong()).isEqualTo(50);
        JsonNode event = json(files, "events.json").get(0);
        assertThat(event.get("kind").asText()).isEqualTo("recording.gap");
        assertThat(event.get("id").asText()).isEqualTo(CAMERA.toString());
        assertThat(json(files, "health.json").at("/parts/0/pool").asInt()).isEqualTo(5);
        assertThat(json(files, "features.json").at("/features/0/name").asText()).isEqualTo("nxvms-driver-onvif");
        assertThat(json(files, "memory.json").at("/heap/usedBytes").asLong()).isPositive();
        assertThat(files.get("nxvms-support/threads.txt")).contains("SupportBundleTest", "deadlocked: []");
        assertThat(files.get("nxvms-support/nxvms.log"))
                .contains(
                        "| o.n.c.control.Supervision", "is away", "[camera-00000000]", "User [user-1] signed in from");
    }

    @Test
    void withEverythingAwayItIsMadeAndSaysSo() throws Exception {
        bundle.services(null, null, null);
        bundle.media(null, null, null, null);

        Map<String, String> files = written();
        assertThat(files.get("nxvms-support/written.txt"))
                .contains(
                        "cameras.json: missing",
                        "settings.json: missing",
                        "events.json: missing",
                        "volumes.json: missing");
        assertThat(json(files, "server.json").get("serverId").asText()).isEqualTo("unknown");
    }

    @Test
    void oneIsMadeAtATime() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        bundle.write(out, name -> {
            if (name.equals("health.json")) {
                assertThatThrownBy(() -> bundle.write(new ByteArrayOutputStream(), other -> {}))
                        .isInstanceOf(SupportBusyException.class);
            }
        });
        bundle.write(new ByteArrayOutputStream(), name -> {});
        assertThat(BundleZipTest.read(out.toByteArray())).containsKey("nxvms-support/written.txt");
    }

    private Map<String, String> written() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        bundle.write(out, name -> {});
        return BundleZipTest.read(out.toByteArray());
    }

    private static JsonNode json(Map<String, String> files, String name) throws IOException {
        return JSON.readTree(files.get("nxvms-support/" + name));
    }

    private BundleContext context() throws IOException {
        Path metatype = folder.resolve("web.xml");
        Files.writeString(
                metatype,
                """
                <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.4.0">
                  <OCD id="web" name="Web">
                    <AD id="port" type="Integer"/>
                    <AD id="verify" type="Boolean"/>
                    <AD id="mode" type="String"><Option label="fast" value="fast"/></AD>
                    <AD id="wrong" type="Integer"/>
                    <AD id="title" type="String"/>
                    <AD id="secret" type="Password"/>
                    <AD id="none" type="String"/>
                  </OCD>
                  <Designate pid="org.nxvms.web"><Object ocdref="web"/></Designate>
                  <Designate factoryPid="org.nxvms.integration.oidc"><Object ocdref="web"/></Designate>
                </metatype:MetaData>
                """);
        URL url = metatype.toUri().toURL();
        Bundle web = answering(
                Bundle.class,
                Map.of(
                        "getBundleId",
                        7L,
                        "getSymbolicName",
                        "org.nxvms.web",
                        "getVersion",
                        Version.parseVersion("0.1.0"),
                        "getState",
                        Bundle.ACTIVE,
                        "getLastModified",
                        0L,
                        "getLocation",
                        Secrets.URL,
                        "getEntryPaths",
                        Collections.enumeration(List.of("OSGI-INF/metatype/web.xml")),
                        "getEntry",
                        url));
        Bundle odd = answering(
                Bundle.class,
                Map.of(
                        "getSymbolicName",
                        "com.example.odd",
                        "getBundleId",
                        6L,
                        "getState",
                        Bundle.ACTIVE,
                        "getLastModified",
                        0L,
                        "getVersion",
                        Version.emptyVersion,
                        "getEntryPaths",
                        Collections.enumeration(List.of("OSGI-INF/metatype/odd.xml")),
                        "getEntry",
                        Files.writeString(folder.resolve("odd.xml"), "<OCD")
                                .toUri()
                                .toURL()));
        return answering(
                BundleContext.class,
                Map.of("getBundle", web, "getBundles", new Bundle[] {odd, web}, "getProperty", folder.toString()));
    }

    private static ConfigurationAdmin settings() {
        Map<String, Object> values = Map.of(
                "port",
                "8443",
                "verify",
                "true",
                "mode",
                "fast",
                "wrong",
                Secrets.PASSWORD,
                "title",
                Secrets.GROUP,
                "secret",
                Secrets.TOKEN,
                "none",
                "",
                "url",
                new String[] {Secrets.DATABASE, "ldap://" + Secrets.SET_HOST + ":389"},
                "service.pid",
                "org.nxvms.web");
        return answering(ConfigurationAdmin.class, Map.of("listConfigurations", new Configuration[] {
            configuration("org.nxvms.web", "", values),
            configuration("org.nxvms.integration.oidc~" + Secrets.USER, "org.nxvms.integration.oidc", values),
            configuration("org.nxvms.integration.oidc~b", "org.nxvms.integration.oidc", values)
        }));
    }

    private static Configuration configuration(String pid, String factoryPid, Map<String, Object> values) {
        java.util.HashMap<String, Object> answers = new java.util.HashMap<>();
        answers.put("getPid", pid);
        answers.put("getFactoryPid", factoryPid.isEmpty() ? null : factoryPid);
        answers.put("getProperties", new Hashtable<>(values));
        return answering(Configuration.class, answers);
    }

    private static CameraRegistry cameras() {
        Camera camera = new Camera(
                CAMERA,
                1,
                new UUID(0, 9),
                Secrets.CAMERA,
                "onvif",
                URI.create("rtsp://cam7.lan.example:554/live?user=gatekeeper&pw=Qwertz77"),
                Optional.of(URI.create("http://cam7.lan.example/" + Secrets.TOKEN)),
                Optional.of("gatekeeper"),
                true,
                true,
                Optional.of(Secrets.GROUP),
                Map.of("token", Secrets.TOKEN, "password", Secrets.PASSWORD),
                RecordingSettings.DEFAULT,
                Instant.EPOCH,
                Instant.EPOCH);
        CameraStatus status = new CameraStatus(
                CameraStatus.State.OFFLINE,
                Optional.of(GapCause.CAMERA_UNREACHABLE),
                ALL_OF_THEM,
                Instant.EPOCH,
                true,
                List.of(new CameraStatus.Stream(
                        StreamRole.MAIN,
                        Secrets.CAMERA,
                        CameraStatus.State.OFFLINE,
                        Optional.empty(),
                        ALL_OF_THEM,
                        Optional.empty(),
                        1_000,
                        12.5,
                        Optional.of(Instant.EPOCH),
                        Optional.empty())));
        return answering(CameraRegistry.class, Map.of("list", List.of(camera), "status", Optional.of(status)));
    }

    private static Archive archive() {
        return answering(
                Archive.class,
                Map.of(
                        "volumes",
                        List.of(new VolumeUsage(
                                new UUID(0, 1),
                                Secrets.GROUP,
                                "file",
                                "/mnt/" + Secrets.USER,
                                "absent",
                                ALL_OF_THEM,
                                100,
                                50,
                                10,
                                40,
                                -1))));
    }

    private static EventLog events() {
        return answering(
                EventLog.class,
                Map.of(
                        "find",
                        List.of(
                                event(EventSource.camera(CAMERA, "main"), "recording.gap"),
                                event(new EventSource(EventSource.Type.USER, Secrets.USER, ""), "user.locked"),
                                event(
                                        new EventSource(EventSource.Type.INTEGRATION, Secrets.MAIL, Secrets.USER),
                                        "integration.failing"))));
    }

    private static Event event(EventSource source, String kind) {
        String detail = Secrets.sentences().stream().limit(8).collect(Collectors.joining("; "));
        return new Event(
                new UUID(1, 1),
                new UUID(0, 9),
                1,
                EventFact.of(
                        source,
                        kind,
                        EventSeverity.CRITICAL,
                        detail,
                        EventAttributes.of(Map.of("address", Secrets.CLIENT, "user", Secrets.USER))),
                EventSpan.pulse(1_000_000));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;
import org.nxvms.simulator.CameraFarm;

/** The webhook integration comes, is exchanged and goes while a camera is recorded; it loses no event and leaves no trace. */
class WebhookIT {
    private static final String FEATURE = "nxvms-integration-webhook";
    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int EXCHANGES = Integer.getInteger("nxvms.webhookExchanges", 1);

    private final List<Got> got = new CopyOnWriteArrayList<>();
    private final List<String> raised = new ArrayList<>();
    private PackedServer server;
    private int endpointPort;
    private Api api;
    private String camera;

    private record Got(String id, String timestamp, String signature, byte[] body) {
        String detail() {
            try {
                return JSON.readTree(body).at("/data/detail").asText();
            } catch (IOException e) {
                throw new IllegalStateException("what came is no JSON", e);
            }
        }
    }

    @Test
    void eventsArriveWhileTheIntegrationComesIsExchangedAndGoes() throws Exception {
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", this::take);
        receiver.start();
        endpointPort = receiver.getAddress().getPort();
        try (CameraFarm farm = Farms.start(1);
                PackedServer packed = PackedServer.unpacked("webhook")
                        .configured("org.nxvms.integration.webhooks", "localAddressesAllowed = true")) {
            server = packed;
            api = server.start();
            camera = api.addCamera("Gate", Farms.main(farm, 1));
            Waiting.until("it records", 30, () -> api.state(camera).equals("recording"));
            Instant begun = Instant.now();
            api.get("/api/v1/webhooks").expect(404);
            Set<String> threadsBefore = threads();

            shell("feature:install " + FEATURE);
            JsonNode refused = api.post(
                            "/api/v1/webhooks", Map.of("name", "metadata", "url", "http://169.254.169.254/latest"))
                    .expect(422)
                    .json();
            assertThat(refused.get("errors").get(0).get("field").asText()).isEqualTo("url");
            String secret = added("http://127.0.0.1:" + endpointPort + "/hook");
            raise();
            arrived();
            signedWith(secret);

            for (int exchange = 0; exchange < EXCHANGES; exchange++) {
                raise();
                shell("feature:uninstall " + FEATURE);
                raise();
                shell("feature:install " + FEATURE);
                raise();
            }
            arrived();
            shell("feature:uninstall " + FEATURE);
            leftNothing(threadsBefore);
            raise();
            assertThat(api.gaps(camera, begun, Instant.now()))
                    .as("nothing of it disturbs the recording")
                    .isEmpty();

            shell("feature:install " + FEATURE);
            raise();
            server.stop();
            api = server.start();
            raise();
            arrived();
            // The last one was taken before its courier knows so.
            Waiting.until(
                    "webhooks are well",
                    20,
                    () -> api.health("webhooks").get("status").asText().equals("up"));
            assertThat(shell("nxvms:integrations")).containsPattern("webhook +[|│] soc +[|│] up");
            assertThat(api.patch("/api/v1/webhooks/soc", Map.of("timeoutMs", 9_000), "*")
                            .expect(200)
                            .json()
                            .get("timeoutMs")
                            .asInt())
                    .isEqualTo(9_000);
            assertThat(api.postText("/api/v1/webhooks/soc/secret", "")
                            .expect(200)
                            .json()
                            .get("secret")
                            .asText())
                    .isNotEqualTo(secret);
            api.get("/api/v1/webhooks/soc").expect(200);
        } finally {
            receiver.stop(0);
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        got.add(new Got(
                exchange.getRequestHeaders().getFirst("webhook-id"),
                exchange.getRequestHeaders().getFirst("webhook-timestamp"),
                exchange.getRequestHeaders().getFirst("webhook-signature"),
                exchange.getRequestBody().readAllBytes()));
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    /** {@return the secret of a webhook that is carried out and knows where it begins} */
    private String added(String url) {
        Waiting.until("it answers", 20, () -> api.get("/api/v1/webhooks").status() == 200);
        String secret = api.post(
                        "/api/v1/webhooks",
                        Map.of("name", "soc", "url", url, "filter", Map.of("kinds", List.of("camera.manual"))))
                .expect(201)
                .json()
                .get("secret")
                .asText();
        Path progress = server.data().resolve("integrations/webhook/soc.json");
        Waiting.until("it is carried out", 20, () -> Files.exists(progress));
        return secret;
    }

    private void raise() {
        String detail = "event " + raised.size();
        api.post(
                        "/api/v1/events",
                        Map.of(
                                "kind",
                                "camera.manual",
                                "source",
                                Map.of("type", "camera", "id", camera),
                                "detail",
                                detail))
                .expect(201);
        raised.add(detail);
    }

    /** All that was raised has come, in order; what came twice came under one id. */
    private void arrived() {
        Waiting.until(
                "all that was raised has come",
                30,
                () -> got.stream().map(Got::detail).toList().containsAll(raised));
        List<String> once = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Got one : got) {
            if (ids.add(one.id())) {
                once.add(one.detail());
            }
        }
        assertThat(once).isEqualTo(raised);
    }

    private void signedWith(String secret) throws GeneralSecurityException {
        Got one = got.get(0);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
        mac.update((one.id() + "." + one.timestamp() + ".").getBytes(StandardCharsets.UTF_8));
        assertThat(one.signature()).isEqualTo("v1," + Base64.getEncoder().encodeToString(mac.doFinal(one.body())));
    }

    private void leftNothing(Set<String> threadsBefore) throws IOException {
        Waiting.until(
                "its address is gone", 10, () -> api.get("/api/v1/webhooks").status() == 404);
        Waiting.until("its threads are gone", 20, () -> threads().stream()
                .noneMatch(name -> name.startsWith("nxvms-webhook")));
        Waiting.until("those of its HTTP client too", 20, () -> ofHttpClients(threads())
                .equals(ofHttpClients(threadsBefore)));
        Waiting.until("its connections are gone", 20, () -> openTo(endpointPort) == 0);
        assertThat(shell("service:list -n org.nxvms.platform.api.integration.Integration"))
                .doesNotContain("webhook");
        Waiting.until("health knows nothing of it", 20, () -> !api.get("/api/v1/health")
                .expect(200)
                .json()
                .get("parts")
                .toString()
                .contains("webhooks"));
        Waiting.until("its classes are collected", 30, () -> {
            jcmd("GC.run");
            return !jcmd("VM.class_hierarchy", "org.nxvms.integration.webhook.deliver.Courier")
                    .contains("Courier/");
        });
    }

    private static List<String> ofHttpClients(Set<String> threads) {
        return threads.stream().filter(name -> name.contains("HttpClient")).toList();
    }

    /** {@return established TCP connections of this machine to a port on loopback} */
    private static long openTo(int port) throws IOException {
        String remote = String.format(":%04X ", port);
        long count = 0;
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] words = line.strip().split(" +");
                if (words.length > 3 && (words[2] + " ").endsWith(remote) && words[3].equals("01")) {
                    count++;
                }
            }
        }
        return count;
    }

    private Set<String> threads() {
        Set<String> names = new TreeSet<>();
        for (String line : jcmd("Thread.print").lines().toList()) {
            if (line.startsWith("\"")) {
                names.add(line.substring(1, line.indexOf('"', 1)));
            }
        }
        return names;
    }

    private String jcmd(String... arguments) {
        List<String> command = new ArrayList<>(List.of(JCMD.toString(), String.valueOf(server.pid())));
        command.addAll(List.of(arguments));
        return Commands.run(server.data(), command.toArray(String[]::new));
    }

    private String shell(String command) {
        Commands.Result done = server.shell(command);
        assertThat(done.status()).as(done.output() + done.errors()).isZero();
        return done.output();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.PackedServer;
import org.nxvms.itests.harness.Waiting;

/** Who one is and what one may, on the packed server: sessions, keys, rights, and what of it is in the audit. */
final class IdentityIT extends AccessStories {
    /** A part of a segment, as playlists name it. */
    private static final Pattern PART = Pattern.compile("#EXT-X-PART:.*URI=\"([^\"]+)\"");

    private final HttpClient client = WebClient.modern();

    @Test
    void whatGoesOnEndsWithItsRightAndWithItsUser() throws Exception {
        String nell = user("nell", "guest");
        String granted = grant(nell, "viewer", "group/North");
        String ned = user("ned", "guest");
        grant(ned, "viewer", "camera/" + gate);
        String nells = token("nell");
        String neds = token("ned");
        Watched liveOfNell = Watched.open(admin, "/ws/v1/live/" + gate, nells);
        Watched liveOfNed = Watched.open(admin, "/ws/v1/live/" + gate, neds);
        liveOfNell.awaitPictures();
        liveOfNed.awaitPictures();
        CompletableFuture<List<String>> eventsOfNell = events(nells);
        CompletableFuture<List<String>> eventsOfNed = events(neds);
        CompletableFuture<List<String>> eventsOfOthers = events(admin.token());

        long begunNs = System.nanoTime();
        admin.delete("/api/v1/users/" + nell + "/grants/" + granted).expect(204);
        admin.patch("/api/v1/users/" + ned, Map.of("disabled", true), "*").expect(200);

        assertThat(liveOfNell.awaitClose()).startsWith("4404");
        assertThat(eventsOfNell.get(60, TimeUnit.SECONDS)).anyMatch(line -> line.contains("forbidden"));
        assertThat(liveOfNed.awaitClose()).startsWith("4401");
        assertThat(eventsOfNed.get(60, TimeUnit.SECONDS)).anyMatch(line -> line.contains("unauthenticated"));
        assertThat(Duration.ofNanos(System.nanoTime() - begunNs))
                .as("5 s are promised; the rest is for a machine that does other things too")
                .isLessThan(Duration.ofSeconds(30));
        assertThat(eventsOfOthers).as("by the same connection").isNotDone();
    }

    @Test
    void browsersAndPlayersComeByHttp2AndSocketsToTheSamePort() throws Exception {
        String live = "/media/v1/live/" + gate + "/";
        Waiting.until(
                "it can be played",
                60,
                () -> byHttp2(live + "index.m3u8?stream=main").statusCode() == 200);
        String playlist = byHttp2(live + "index.m3u8?stream=main").body();
        Matcher parts = PART.matcher(playlist);
        assertThat(parts.find()).as(playlist).isTrue();
        String part = parts.group(1);
        while (parts.find()) {
            part = parts.group(1);
        }
        for (String path :
                List.of(live + part, live + "manifest.mpd?stream=main", "/api/v1/cameras", "/console/", "/metrics")) {
            HttpResponse<String> answer = byHttp2(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.body()).as(path).isNotEmpty();
        }
        assertThat(byHttp2("/api/v1/nothing").headers().firstValue("Content-Type"))
                .contains("application/problem+json");
        Watched.open(client, "wss://127.0.0.1:" + server.httpsPort() + "/ws/v1/live/" + gate, admin.token())
                .awaitPictures();
    }

    private HttpResponse<String> byHttp2(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                secured(path, admin.token()), HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
        assertThat(answer.version()).as(path).isEqualTo(HttpClient.Version.HTTP_2);
        return answer;
    }

    private HttpRequest secured(String path, String token) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.httpsPort() + path))
                .header("Authorization", "Bearer " + token)
                .build();
    }

    /** {@return all that the stream of events sends, once it has ended} All of them by one connection. */
    private CompletableFuture<List<String>> events(String token) throws Exception {
        HttpResponse<Stream<String>> stream =
                client.send(secured("/api/v1/events/stream", token), HttpResponse.BodyHandlers.ofLines());
        assertThat(stream.statusCode()).isEqualTo(200);
        assertThat(stream.version()).isEqualTo(HttpClient.Version.HTTP_2);
        return CompletableFuture.supplyAsync(() -> stream.body().toList());
    }

    /**
     * All that somebody has of a camera runs at once; the right is taken away, and each of it ends. Talking is in
     * {@link AxisIT}, where cameras take sound.
     */
    @Test
    void nothingGoesOnByAnyWayWhenTheRightHasGone() throws Exception {
        String id = user("nuria", "guest");
        String granted = grant(id, "operator", "camera/" + gate);
        Api nuria = new Api(server.httpPort(), "nuria", PASSWORD);
        JsonNode key = nuria.post(
                        "/api/v1/api-keys",
                        Map.of(
                                "name",
                                "player",
                                "scopes",
                                List.of("view_live", "view_archive", "listen"),
                                "password",
                                PASSWORD))
                .expect(201)
                .json();
        String keyId = key.at("/details/id").asText();
        String secret = key.get("key").asText();
        JsonNode large = segment(gate, PacedDownload.BYTES_MIN * 11 / 10);
        long fromMs = large.get("startMs").asLong();
        long toMs = fromMs + large.get("durationMs").asLong();
        UUID footage = exported(fromMs, toMs, gate);
        String range = "?from=" + fromMs + "&to=" + toMs;
        try (RunningViews views = new RunningViews(server, nuria)) {
            for (String path : List.of(
                    "/media/v1/live/" + gate + "/index.m3u8?stream=main",
                    "/media/v1/live/" + gate + "/manifest.mpd?stream=main",
                    "/media/v1/archive/" + gate + "/index.m3u8" + range,
                    "/media/v1/archive/" + gate + "/manifest.mpd" + range,
                    "/media/v1/archive/" + gate + "/thumbnail.jpg?at=" + fromMs,
                    "/media/v1/init/" + large.get("initId").asText(),
                    "/api/v1/cameras/" + gate + "/snapshot")) {
                views.asked(path);
            }
            views.socket("/ws/v1/live/" + gate);
            views.wall(gate.toString());
            views.events();
            views.rtsp("/live/" + gate, keyId, secret, false);
            views.rtsp("/live/" + gate + "/main", keyId, secret, true);
            // Last, since the footage has an end, and each file too.
            views.rtsp("/archive/" + gate + "?from=" + Instant.ofEpochMilli(fromMs), keyId, secret, false);
            views.download("/media/v1/segments/" + large.get("id").asText());
            views.download("/media/v1/exports/" + footage);
            assertThat(views.ended()).isEmpty();

            views.withdrawn();
            long sinceNs = System.nanoTime();
            admin.delete("/api/v1/users/" + id + "/grants/" + granted).expect(204);

            Map<String, Duration> after = views.after(sinceNs);
            Duration promised = views.promised();
            // Of a file what had left the server already still comes, at the pace of who takes it.
            Duration ofFiles = promised.plusSeconds(30);
            System.out.println("Ended after " + after + ", where " + promised + " are allowed");
            assertThat(after)
                    .allSatisfy(
                            (way, time) -> assertThat(time).as(way).isLessThan(views.isFile(way) ? ofFiles : promised));
        }
        admin.delete("/api/v1/exports/" + footage).expect(204);
    }

    @Test
    void theClientsDoWhatTheirPagesSay() throws Exception {
        try (ApiProxy proxy = ApiProxy.before(server)) {
            ApiClients clients = new ApiClients(proxy.base());
            clients.python();
            clients.javaScript();
        }
    }

    @Test
    void whatNoOtherStoryAsksForIsAnsweredAsTheDocumentSays() throws Exception {
        ApiTour tour = new ApiTour(server, admin, gate);
        tour.roles();
        tour.accounts();
        tour.footage(segment(gate).get("startMs").asLong());
        tour.recordingByHand();
        tour.vendors();
        tour.backup();
        tour.supportBundle();
        tour.camerasHealth();
    }

    private int statusOf(Api api, String path, String bearer) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api.base() + path))
                .header("Authorization", "Bearer " + bearer)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    void whatWasWithdrawnIsOutAndWhatWasDoneIsInTheAudit() throws Exception {
        Api api = new Api(server.httpPort());
        String key = api.post(
                        "/api/v1/api-keys",
                        Map.of(
                                "name",
                                "probe",
                                "scopes",
                                List.of("view_configuration"),
                                "password",
                                PackedServer.PASSWORD))
                .expect(201)
                .json()
                .get("key")
                .asText();
        assertThat(statusOf(api, "/api/v1/cameras", key)).isEqualTo(200);
        assertThat(statusOf(api, "/api/v1/users", key)).as("not in its scope").isEqualTo(403);
        assertThat(statusOf(api, "/metrics", key)).as("outside REST too").isEqualTo(403);
        int sessions =
                api.get("/api/v1/auth/sessions").expect(200).json().at("/items").size();
        api.login("admin", "not-the-password").expect(401);
        assertThat(api.get("/api/v1/auth/sessions").expect(200).json().at("/items"))
                .as("a wrong password begins none")
                .hasSize(sessions);

        JsonNode before = api.login("admin", PackedServer.PASSWORD).expect(200).json();
        Commands.Result replaced = server.shell("nxvms:signing-keys --replace-all");
        assertThat(replaced.status()).as(replaced.output()).isZero();

        assertThat(statusOf(api, "/api/v1/auth/me", before.get("accessToken").asText()))
                .isEqualTo(401);
        assertThat(statusOf(api, "/api/v1/auth/me", key)).isEqualTo(200);
        Api again = new Api(server.httpPort());
        admin = again;
        again.postText(
                        "/api/v1/auth/refresh",
                        "{\"refreshToken\":\"" + before.get("refreshToken").asText() + "\"}")
                .expect(200);
        assertThat(again.get("/api/v1/audit").expect(200).json().at("/items").findValuesAsText("action"))
                .contains("keys.replaced", "auth.login", "api_key.made");
        Commands.Result verified = server.shell("nxvms:audit-verify");
        assertThat(verified.status()).as(verified.output()).isZero();
        assertThat(verified.output()).contains("The audit is whole");
    }

    @Test
    void whoLookedAtFootageAndWhoChangedACameraIsInTheAudit() throws Exception {
        grant(user("nina", "guest"), "viewer", "group/North");
        String viewer = token("nina");
        AccessMatrix matrix = new AccessMatrix(admin);
        String seen = segment(gate).get("id").asText();
        String hidden = segment(vault).get("id").asText();
        assertThat(matrix.get("/media/v1/segments/" + seen, viewer).status()).isEqualTo(200);
        assertThat(matrix.get("/media/v1/segments/" + hidden, viewer).status()).isEqualTo(404);
        admin.patch("/api/v1/cameras/" + gate, Map.of("group", "North/Gate/Outer"), "*")
                .expect(200);

        JsonNode looked = admin.get("/api/v1/audit?action=footage.viewed&user=nina")
                .expect(200)
                .json()
                .at("/items");
        assertThat(looked).hasSize(2);
        for (JsonNode entry : looked) {
            boolean done = entry.get("done").asBoolean();
            assertThat(entry.get("subject").asText()).isEqualTo("camera/" + (done ? gate : vault));
            assertThat(entry.at("/after").has("from")).isEqualTo(done);
        }
        JsonNode changed = admin.get("/api/v1/audit?action=camera.changed")
                .expect(200)
                .json()
                .at("/items/0");
        assertThat(changed.at("/subject").asText()).isEqualTo("camera/" + gate);
        assertThat(changed.at("/before").toString()).isEqualTo("{\"group\":\"North/Gate\"}");
        assertThat(changed.at("/after").toString()).isEqualTo("{\"group\":\"North/Gate/Outer\"}");
    }

    @Test
    void whoTypesAtTheShellIsNamedInTheAudit() throws Exception {
        Path folder = Files.createDirectories(server.data().resolveSibling("typist"));
        Path typing = Files.writeString(folder.resolve("typing"), "#!/bin/sh\nprintf '%s\\n' '" + PASSWORD + "'\n");
        assertThat(typing.toFile().setExecutable(true)).isTrue();
        user("tina", "administrator");
        Commands.Result typed = Commands.attempt(
                folder,
                ("env SSH_ASKPASS=" + typing + " SSH_ASKPASS_REQUIRE=force ssh -F none -p " + server.sshPort()
                                + " -o PreferredAuthentications=password -o PubkeyAuthentication=no"
                                + " -o NumberOfPasswordPrompts=1 -o StrictHostKeyChecking=no"
                                + " -o UserKnownHostsFile=" + folder.resolve("known")
                                + " tina@127.0.0.1 nxvms:signing-keys --rotate")
                        .split(" "));
        assertThat(typed.status()).as(typed.errors()).isZero();

        assertThat(admin.get("/api/v1/audit?action=keys.rotated&user=tina")
                        .expect(200)
                        .json()
                        .at("/items/0/address")
                        .asText())
                .isEqualTo("shell");
    }
}

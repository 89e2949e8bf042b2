// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.nxvms.playback.rest.RestServer.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.platform.api.archive.VolumeFootage;
import org.nxvms.platform.api.archive.VolumeMoves;
import org.nxvms.platform.api.archive.VolumeSettings;
import org.nxvms.playback.FakeArchive;
import org.nxvms.playback.FakeVolumeAdmin;

/** Volumes over HTTP: what they hold, and their coming, changing and going. */
class VolumesRestTest {
    private final FakeArchive archive = new FakeArchive();
    private final FakeVolumeAdmin volumeAdmin = new FakeVolumeAdmin();
    private final List<VolumeMoves.Move> moves = new ArrayList<>();
    private RestServer server;

    private static final VolumeFootage NOTHING = new VolumeFootage() {
        @Override
        public Only onlyOn(UUID volumeId) {
            return new Only(0, 0);
        }

        @Override
        public void leaves(UUID volumeId, String name) {}

        @Override
        public void stays(UUID volumeId) {}
    };

    @BeforeEach
    void start() {
        server = new RestServer()
                .mount(
                        StorageResource.BASE,
                        new StorageResource(
                                () -> archive, () -> volumeAdmin, () -> () -> moves, () -> List::of, () -> NOTHING))
                .start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void volumesLeaveOutWhatIsNotKnown() throws Exception {
        for (String path : List.of("/api/v1/storage/volumes", "/api/v1/storage/usage")) {
            JsonNode volume = server.json(path).get("items").get(0);
            assertThat(volume.get("totalBytes").asLong()).isEqualTo(1_000);
            assertThat(volume.has("usableBytes")).isFalse();
            assertThat(volume.get("status").asText()).isEqualTo("ready");
        }
    }

    @Test
    void aVolumeIsAddedChangedAndTakenOutOfUse() throws Exception {
        volumeAdmin.configured.put("v", VolumeSettings.Limits.DEFAULT);
        HttpResponse<String> added = server.send(
                "POST", "/api/v1/storage/volumes", "{\"name\":\"big\",\"path\":\"/mnt/big\",\"weight\":300}");
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        assertThat(URI.create(added.headers().firstValue("Location").orElseThrow())
                        .getPath())
                .isEqualTo("/api/v1/storage/volumes/big");
        assertThat(server.json("/api/v1/storage/volumes/big").get("weight").asInt())
                .isEqualTo(300);

        HttpResponse<String> changed = server.send("PATCH", "/api/v1/storage/volumes/big", "{\"quotaBytes\":1000000}");
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(volumeAdmin.configured.get("big")).isEqualTo(new VolumeSettings.Limits(-1, 5, 1_000_000, 300));

        assertThat(server.send("DELETE", "/api/v1/storage/volumes/big", "").statusCode())
                .isEqualTo(204);
        assertProblem(server.send("DELETE", "/api/v1/storage/volumes/big", ""), 404, "not-found");
        assertProblem(server.send("DELETE", "/api/v1/storage/volumes/v", ""), 409, "the only one");
    }

    @Test
    void whatIsDoneToVolumesIsInTheAudit() throws Exception {
        server.send("POST", "/api/v1/storage/volumes", "{\"name\":\"big\",\"path\":\"/mnt/big\"}");
        assertThat(server.trail.last("volume.added").subject()).isEqualTo("volume/big");
        assertThat(server.trail.last("volume.added").after()).containsEntry("path", "/mnt/big");
        server.send("PATCH", "/api/v1/storage/volumes/big", "{\"quotaBytes\":1000000,\"weight\":7}");
        assertThat(server.trail.last("volume.changed").before()).containsOnlyKeys("quotaBytes", "weight");
        assertThat(server.trail.last("volume.changed").after())
                .containsOnly(entry("quotaBytes", "1000000"), entry("weight", "7"));
        server.send("PATCH", "/api/v1/storage/volumes/big", "{\"quotaBytes\":-7}");
        assertThat(server.trail.last("volume.changed").done()).isFalse();
        server.send("DELETE", "/api/v1/storage/volumes/big?keepFiles=true", "");
        assertThat(server.trail.last("volume.removed").after()).containsEntry("keepFiles", "true");
        assertThat(server.trail.notes).extracting(note -> note.actor().name()).containsOnly("vera");
    }

    @Test
    void aVolumeIsChangedAndTakenOutOnlyAsWasSeen() throws Exception {
        volumeAdmin.configured.put("v", VolumeSettings.Limits.DEFAULT);
        volumeAdmin.configured.put("w", VolumeSettings.Limits.DEFAULT);
        String path = "/api/v1/storage/volumes/v";
        String seen = server.send("GET", path, "").headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> changed = server.send("PATCH", path, "{\"weight\":7}", "If-Match", seen);
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);

        assertProblem(server.send("PATCH", path, "{\"weight\":8}", "If-Match", seen), 412, "Read it again");
        assertProblem(server.send("DELETE", path, "", "If-Match", seen), 412, "Read it again");
        assertThat(volumeAdmin.configured.get("v").weight()).isEqualTo(7);
        String now = changed.headers().firstValue("ETag").orElseThrow();
        assertThat(server.send("GET", path, "", "If-None-Match", now).statusCode())
                .isEqualTo(304);
        assertThat(server.send("DELETE", path, "", "If-Match", now).statusCode())
                .isEqualTo(204);
    }

    @Test
    void aVolumeIsEncryptedFromItsBeginningOrLater() throws Exception {
        volumeAdmin.configured.put("v", VolumeSettings.Limits.DEFAULT);
        HttpResponse<String> added = server.send(
                "POST",
                "/api/v1/storage/volumes",
                "{\"name\":\"vault\",\"path\":\"/mnt/vault\",\"encryption\":\"aes-256-gcm\"}");
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        assertThat(volumeAdmin.configured.get("vault").encryption()).isEqualTo(FootageEncryption.AES_256_GCM);

        HttpResponse<String> changed =
                server.send("PATCH", "/api/v1/storage/volumes/v", "{\"encryption\":\"aes-256-gcm\"}");
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(volumeAdmin.configured.get("v").encryption()).isEqualTo(FootageEncryption.AES_256_GCM);
        assertThat(server.send("PATCH", "/api/v1/storage/volumes/v", "{\"weight\":7}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(server.json("/api/v1/storage/volumes/v").get("encryption").asText())
                .as("what is left out stays")
                .isEqualTo("aes-256-gcm");
        HttpResponse<String> wrong = server.send("PATCH", "/api/v1/storage/volumes/v", "{\"encryption\":\"rot13\"}");
        assertProblem(wrong, 422, "encryption must be none or aes-256-gcm");
        JsonNode item = server.json("/api/v1/storage/volumes").get("items").get(0);
        assertThat(item.get("encryption").asText()).as("what the archive does").isEqualTo("none");
        assertThat(item.has("encryptionTrouble")).isFalse();
    }

    @Test
    void aVolumeIsRetiredTellsHowFarItIsAndIsTakenIntoUseAgain() throws Exception {
        String retirement = "/api/v1/storage/volumes/v/retirement";
        assertProblem(server.send("POST", retirement, ""), 404, "not-found");
        volumeAdmin.configured.put("v", new VolumeSettings.Limits(-1, 5, 900, 0));
        assertThat(server.json("/api/v1/storage/volumes")
                        .get("items")
                        .get(0)
                        .get("role")
                        .asText())
                .isEqualTo("on_request");
        assertProblem(server.send("POST", retirement, ""), 409, "the only one");

        volumeAdmin.configured.put("big", VolumeSettings.Limits.DEFAULT);
        moves.add(new VolumeMoves.Move("v", VolumeMoves.Reason.RETIRED, 7, 700, 3, 300, "no room"));
        assertThat(server.send("POST", retirement, "").statusCode()).isEqualTo(202);
        JsonNode volume = server.json("/api/v1/storage/volumes").get("items").get(0);
        assertThat(volume.get("role").asText()).isEqualTo("retired");
        assertThat(volume.get("quotaBytes").asLong()).isEqualTo(900);
        assertThat(volume.get("moving").toString())
                .isEqualTo("{\"reason\":\"retired\",\"chunksLeft\":7,\"bytesLeft\":700,\"chunksMoved\":3,"
                        + "\"bytesMoved\":300,\"trouble\":\"no room\"}");

        moves.clear();
        assertThat(server.send("DELETE", retirement, "").statusCode()).isEqualTo(204);
        volume = server.json("/api/v1/storage/volumes").get("items").get(0);
        assertThat(volume.get("role").asText()).isEqualTo("on_request");
        assertThat(volume.has("moving")).isFalse();
    }

    @Test
    void aVolumeThatCannotWorkIsRefusedNamingItsField() throws Exception {
        volumeAdmin.configured.put("v", VolumeSettings.Limits.DEFAULT);
        assertProblem(
                server.send("POST", "/api/v1/storage/volumes", "{\"name\":\"Big Disk\",\"path\":\"/mnt/big\"}"),
                422,
                "name must be 1..40");
        assertProblem(
                server.send("POST", "/api/v1/storage/volumes", "{\"name\":\"big\",\"path\":\"big\"}"),
                422,
                "path must be an absolute folder");
        assertProblem(
                server.send("POST", "/api/v1/storage/volumes", "{\"name\":\"big\",\"path\":\"/v/within\"}"),
                422,
                "must not overlap with /v, the folder of volume v");
        volumeAdmin.folders.put("unplugged", "/mnt/unplugged");
        assertProblem(
                server.send("POST", "/api/v1/storage/volumes", "{\"name\":\"big\",\"path\":\"/mnt/unplugged/big\"}"),
                422,
                "the folder of volume unplugged");
        assertProblem(
                server.send(
                        "POST", "/api/v1/storage/volumes", "{\"name\":\"big\",\"path\":\"/mnt/big\",\"weight\":-1}"),
                422,
                "weight must be 0..1000");
        assertProblem(
                server.send("PATCH", "/api/v1/storage/volumes/v", "{\"retentionDaysMin\":8,\"retentionDaysMax\":7}"),
                422,
                "retentionDaysMin must be 0..7");
        assertProblem(
                server.send("PATCH", "/api/v1/storage/volumes/v", "{\"retentionDaysMax\":0}"),
                422,
                "retentionDaysMax must be 1..3650");
        assertProblem(
                server.send("POST", "/api/v1/storage/volumes", "{\"name\":\"v\",\"path\":\"/mnt/big\"}"),
                409,
                "already");
        assertProblem(server.send("POST", "/api/v1/storage/volumes", "{\"name\":\"big\"}"), 400, "path");
        assertProblem(server.send("PATCH", "/api/v1/storage/volumes/v", "{\"path\":\"/mnt/other\"}"), 400, "path");
        assertProblem(server.send("PATCH", "/api/v1/storage/volumes/x", "{}"), 404, "not-found");
        assertThat(volumeAdmin.configured).containsOnlyKeys("v");
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.playback.rest.RestServer.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.archive.VolumeBackups;
import org.nxvms.platform.api.archive.VolumeFootage;
import org.nxvms.platform.api.archive.VolumeSettings;
import org.nxvms.platform.api.health.HealthCheck;
import org.nxvms.playback.FakeArchive;
import org.nxvms.playback.FakeVolumeAdmin;

/** Volumes for copies over HTTP, and volumes that leave with footage on them. */
class BackupVolumesRestTest {
    private final FakeArchive archive = new FakeArchive();
    private final FakeVolumeAdmin volumeAdmin = new FakeVolumeAdmin();
    private final List<VolumeBackups.Backup> backups = new ArrayList<>();
    private final List<String> leaving = new ArrayList<>();
    private VolumeFootage.Only only = new VolumeFootage.Only(0, 0);
    private RestServer server;

    private final VolumeFootage footage = new VolumeFootage() {
        @Override
        public Only onlyOn(UUID volumeId) {
            return only;
        }

        @Override
        public void leaves(UUID volumeId, String name) {
            assertThat(volumeAdmin.configured).as("said before it is done").containsKey(name);
            leaving.add(name);
        }

        @Override
        public void stays(UUID volumeId) {
            leaving.add("stays");
        }
    };

    @BeforeEach
    void start() {
        server = new RestServer()
                .mount(
                        StorageResource.BASE,
                        new StorageResource(
                                () -> archive, () -> volumeAdmin, () -> List::of, () -> () -> backups, () -> footage))
                .start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void aVolumeWithFootageThatIsNowhereElseGoesOnlyWhenThatIsMeant() throws Exception {
        volumeAdmin.configured.put("v", VolumeSettings.Limits.DEFAULT);
        volumeAdmin.configured.put("big", VolumeSettings.Limits.DEFAULT);
        volumeAdmin.identities.put("big", new UUID(0, 1));
        volumeAdmin.identities.put("v", new UUID(0, 2));
        only = new VolumeFootage.Only(3, 300);
        assertProblem(server.send("DELETE", "/api/v1/storage/volumes/big", ""), 409, "holds 3 segments (300 bytes)");
        assertThat(volumeAdmin.configured).containsKey("big");
        assertThat(leaving).isEmpty();
        assertThat(server.send("DELETE", "/api/v1/storage/volumes/big?keepFiles=true", "")
                        .statusCode())
                .isEqualTo(204);
        assertThat(volumeAdmin.configured).doesNotContainKey("big");
        assertThat(leaving).containsExactly("big");
        assertProblem(server.send("DELETE", "/api/v1/storage/volumes/v?keepFiles=true", ""), 409, "the only one");
        assertThat(leaving).containsExactly("big", "v", "stays");
    }

    @Test
    void aVolumeOfWhichNobodyKnowsWhoItIsStays() throws Exception {
        volumeAdmin.configured.put("v", VolumeSettings.Limits.DEFAULT);
        volumeAdmin.configured.put("big", VolumeSettings.Limits.DEFAULT);
        volumeAdmin.spoilt.add("big");
        for (String query : List.of("", "?keepFiles=true")) {
            assertProblem(
                    server.send("DELETE", "/api/v1/storage/volumes/big" + query, ""),
                    409,
                    "Which footage is on volume big is not known");
        }
        assertThat(volumeAdmin.configured).containsKey("big");
        assertThat(leaving).isEmpty();
    }

    @Test
    void aBackupVolumeIsAddedAndTellsHowFarItsCopiesAre() throws Exception {
        volumeAdmin.configured.put("v", VolumeSettings.Limits.DEFAULT);
        HttpResponse<String> added = server.send(
                "POST",
                "/api/v1/storage/volumes",
                "{\"name\":\"safe\",\"path\":\"/mnt/safe\",\"role\":\"backup\",\"retentionDaysMin\":2,\"retentionDaysMax\":9}");
        assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
        JsonNode configuration = server.json("/api/v1/storage/volumes/safe");
        assertThat(configuration.get("role").asText()).isEqualTo("backup");
        assertThat(configuration.get("retentionDaysMin").asInt()).isEqualTo(2);
        assertThat(configuration.get("retentionDaysMax").asInt()).isEqualTo(9);

        assertThat(server.json("/api/v1/storage/volumes").get("items").get(0).has("backup"))
                .isFalse();
        archive.backup = true;
        backups.add(new VolumeBackups.Backup(
                "v",
                3,
                300,
                65,
                7,
                700,
                "no room",
                Optional.of(new HealthCheck.Finding("no_room", Map.of("bytes", 9L)))));
        JsonNode volume = server.json("/api/v1/storage/volumes").get("items").get(0);
        assertThat(volume.get("role").asText()).isEqualTo("backup");
        assertThat(volume.get("backup").toString())
                .isEqualTo("{\"chunksWaiting\":3,\"bytesWaiting\":300,\"lagSeconds\":65,\"chunksCopied\":7,"
                        + "\"bytesCopied\":700,\"trouble\":\"no room\","
                        + "\"finding\":{\"code\":\"no_room\",\"parameters\":{\"bytes\":9}}}");
    }

    @Test
    void aSecondNameOfAFolderGoesAndTheFootageStays() throws Exception {
        volumeAdmin.configured.put("v", VolumeSettings.Limits.DEFAULT);
        volumeAdmin.configured.put("twin", VolumeSettings.Limits.DEFAULT);
        volumeAdmin.identities.put("v", new UUID(0, 2));
        volumeAdmin.identities.put("twin", new UUID(0, 2));
        only = new VolumeFootage.Only(3, 300);
        assertThat(server.send("DELETE", "/api/v1/storage/volumes/twin", "").statusCode())
                .isEqualTo(204);
        assertThat(volumeAdmin.configured).containsOnlyKeys("v");
        assertThat(leaving).isEmpty();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.ZipFile;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Commands;
import org.nxvms.itests.harness.Waiting;

/**
 * A package that the server made, as somebody has it who downloaded it.
 *
 * @param id of the export
 * @param zip the package
 * @param folder where its files are put
 */
record ExportedFootage(String id, byte[] zip, Path folder) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Exports 4 s of what two cameras of 25 pictures a second have recorded first, and holds the pictures that a player finds
     * in it against those that it finds in the recording.
     *
     * @param save puts a segment into a file
     */
    static void assertAsRecorded(Api api, List<String> cameras, Path folder, Function<JsonNode, Path> save)
            throws IOException, InterruptedException {
        long fromMs = cameras.stream()
                        .mapToLong(id -> first(api, id).get("startMs").asLong())
                        .max()
                        .orElseThrow()
                + 2_500;
        ExportedFootage exported = of(api, cameras, fromMs, fromMs + 4_000, folder);
        for (String id : cameras) {
            List<String> pictures = Decoded.pictures(exported.file(id));
            assertThat(pictures).hasSizeBetween(4 * 25, 8 * 25);
            List<String> recorded = Decoded.pictures(save.apply(first(api, id)));
            assertThat(Collections.indexOfSubList(recorded, pictures))
                    .as("where the exported pictures of " + id + " are in the recording")
                    .isNotNegative();
        }
        assertThat(exported.manifest().get("cameras").findValues("gaps")).allMatch(JsonNode::isEmpty);
        ExportedFootage matroska = of(api, cameras, fromMs, fromMs + 4_000, folder, Map.of("form", "mkv"));
        for (String id : cameras) {
            Path mkv = matroska.save(matroska.items(id).get(0));
            assertThat(Decoded.pictures(mkv)).as("the same in Matroska").isEqualTo(Decoded.pictures(exported.file(id)));
            assertThat(tracks(mkv)).isEqualTo(tracks(exported.file(id)));
        }
        api.delete("/api/v1/exports/" + matroska.id()).expect(204);
        assertThat(verify(api, exported.zip()).get("faults")).isEmpty();
        byte[] altered = exported.zip().clone();
        altered[altered.length / 2] ^= 1;
        JsonNode verdict = verify(api, altered);
        assertThat(verdict.get("intact").asBoolean()).isFalse();
        assertThat(verdict.at("/faults/0/kind").asText()).isEqualTo("altered");
        api.delete("/api/v1/exports/" + exported.id()).expect(204);
    }

    /**
     * Exports 4 s of what a camera with sound has recorded, in each form without it, and looks for tracks with a player's eyes.
     */
    static void assertSilent(Api api, String camera, Path folder) throws IOException, InterruptedException {
        long fromMs = first(api, camera).get("startMs").asLong() + 2_700;
        List<Map<String, Object>> forms = List.of(
                Map.of("form", "mp4"),
                Map.of("form", "mkv"),
                Map.of("form", "mp4", "cut", "exact"),
                Map.of("form", "mp4", "overlay", Map.of("time", true)));
        for (Map<String, Object> form : forms) {
            ExportedFootage heard = of(api, List.of(camera), fromMs, fromMs + 4_000, folder, form);
            assertThat(kinds(heard.save(heard.items(camera).get(0))))
                    .as("%s", form)
                    .contains("audio");
            Map<String, Object> silent = new HashMap<>(form);
            silent.put("sound", false);
            ExportedFootage exported = of(api, List.of(camera), fromMs, fromMs + 4_000, folder, silent);
            assertThat(exported.manifest().at("/order/sound")).isEqualTo(BooleanNode.FALSE);
            for (JsonNode item : exported.items(camera)) {
                Path file = exported.save(item);
                assertThat(kinds(file)).as("%s", silent).containsExactly("video");
                assertThat(Decoded.pictures(file)).isNotEmpty();
            }
            JsonNode verdict = verify(api, exported.zip());
            assertThat(verdict.get("intact").asBoolean()).isTrue();
            assertThat(verdict.get("sound").asBoolean()).isFalse();
            for (String id : List.of(heard.id(), exported.id())) {
                api.delete("/api/v1/exports/" + id).expect(204);
            }
        }
        JsonNode refused = api.post(
                        "/api/v1/exports",
                        Map.of(
                                "cameraIds",
                                List.of(camera),
                                "from",
                                String.valueOf(fromMs),
                                "to",
                                String.valueOf(fromMs + 4_000),
                                "form",
                                "chunks",
                                "sound",
                                false))
                .expect(422)
                .json();
        assertThat(refused.at("/errors/0/field").asText()).isEqualTo("sound");
    }

    /** {@return what its tracks are, as ffprobe finds them} */
    private static List<String> kinds(Path file) {
        return Commands.run(
                        file.toAbsolutePath().getParent(),
                        "ffprobe",
                        "-v",
                        "error",
                        "-show_entries",
                        "stream=codec_type",
                        "-of",
                        "csv=p=0",
                        file.toString())
                .lines()
                .toList();
    }

    /** {@return each track's codec and shape, as ffprobe finds them} */
    private static String tracks(Path file) {
        return Commands.run(
                file.toAbsolutePath().getParent(),
                "ffprobe",
                "-v",
                "error",
                "-show_entries",
                "stream=codec_name,width,height,sample_rate,channels",
                "-of",
                "csv",
                file.toString());
    }

    private static JsonNode first(Api api, String camera) {
        return api.segments(camera, Instant.EPOCH, Instant.now()).get(0);
    }

    /** Orders, waits and downloads, in two parts as one whose line broke. */
    static ExportedFootage of(Api api, List<String> cameras, long fromMs, long toMs, Path folder) throws IOException {
        return of(api, cameras, fromMs, toMs, folder, Map.of());
    }

    /** As above, with other fields of the order. */
    static ExportedFootage of(Api api, List<String> cameras, long fromMs, long toMs, Path folder, Map<String, ?> how)
            throws IOException {
        Map<String, Object> order = new HashMap<>(how);
        order.put("cameraIds", cameras);
        order.put("from", String.valueOf(fromMs));
        order.put("to", String.valueOf(toMs));
        order.put("reason", "a story");
        JsonNode expected =
                api.post("/api/v1/exports/estimate", order).expect(200).json();
        if (expected.get("bytes").asLong() <= 0 || expected.has("objection")) {
            throw new AssertionError(expected.toString());
        }
        String id =
                api.post("/api/v1/exports", order).expect(201).json().get("id").asText();
        Waiting.until(
                "the export is finished",
                120,
                () -> api.get("/api/v1/exports/" + id).expect(200).json().has("finished"));
        JsonNode done = api.get("/api/v1/exports/" + id).expect(200).json();
        if (!done.get("state").asText().equals("done")) {
            throw new AssertionError(done.toString());
        }
        String url = done.get("url").asText();
        byte[] begun = api.get(url, "Range", "bytes=0-99999").expect(206).bytes();
        byte[] rest = api.get(url, "Range", "bytes=100000-").expect(206).bytes();
        byte[] zip = new byte[begun.length + rest.length];
        System.arraycopy(begun, 0, zip, 0, begun.length);
        System.arraycopy(rest, 0, zip, begun.length, rest.length);
        Files.write(folder.resolve("export.zip"), zip);
        return new ExportedFootage(id, zip, folder);
    }

    JsonNode manifest() throws IOException {
        return JSON.readTree(content("manifest.json"));
    }

    /** {@return the one file of a camera} */
    Path file(String camera) throws IOException {
        for (JsonNode file : manifest().get("files")) {
            if (file.path("cameraId").asText().equals(camera)) {
                Path path = folder.resolve(camera + "-exported.mp4");
                return Files.write(path, content(file.get("name").asText()));
            }
        }
        throw new AssertionError("nothing of " + camera + " in " + manifest());
    }

    /** {@return what the manifest says of a camera's files} */
    List<JsonNode> items(String camera) throws IOException {
        List<JsonNode> items = new ArrayList<>();
        for (JsonNode file : manifest().get("files")) {
            if (file.path("cameraId").asText().equals(camera)) {
                items.add(file);
            }
        }
        return items;
    }

    /** {@return where such a file was put} */
    Path save(JsonNode item) throws IOException {
        String name = item.get("name").asText();
        return Files.write(folder.resolve(name.replace('/', '-')), content(name));
    }

    private byte[] content(String name) throws IOException {
        try (ZipFile file = new ZipFile(folder.resolve("export.zip").toFile());
                InputStream in = file.getInputStream(file.getEntry(name))) {
            return in.readAllBytes();
        }
    }

    /** {@return what the server says of a package} */
    static JsonNode verify(Api api, byte[] bytes) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(api.base() + "/api/v1/exports/verify"))
                                .header("Authorization", "Bearer " + api.token())
                                .header("Content-Type", "application/zip")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.statusCode() + ": " + answer.body());
        }
        return JSON.readTree(answer.body());
    }
}

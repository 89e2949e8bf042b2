// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.Waiting;

/** Several cameras over one WebSocket, as a wall has them. */
final class WallView implements WebSocket.Listener, AutoCloseable {
    private static final byte[] MOVIE_FRAGMENT = "moof".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TRACK_FRAGMENT = "tfhd".getBytes(StandardCharsets.US_ASCII);
    /** Boxes before a fragment's samples that say what it is. */
    private static final int HEAD_BYTES = 400;

    private static final int ENDED_SECONDS_MAX = 60;

    private final WebSocket socket;
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
    private final Map<Integer, Stretch> byChannel = new HashMap<>();
    private final Map<String, List<Stretch>> byCamera = new HashMap<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private String trouble = "";

    /** What came of a camera in one format. */
    private static final class Stretch {
        private final ByteArrayOutputStream file = new ByteArrayOutputStream();
        private int pictures;
    }

    WallView(Api api) {
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + api.token())
                .buildAsync(URI.create(api.base().replace("http:", "ws:") + "/ws/v1/live"), this)
                .join();
    }

    void subscribe(String cameraId, String stream) {
        socket.sendText(
                        "{\"type\":\"subscribe\",\"cameraId\":\"" + cameraId + "\",\"stream\":\"" + stream + "\"}",
                        true)
                .join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            said(text.toString());
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    private synchronized void said(String message) {
        try {
            JsonNode json = new ObjectMapper().readTree(message);
            String type = json.get("type").asText();
            if (type.equals("init")) {
                Stretch begun = new Stretch();
                byChannel.put(json.get("channel").asInt(), begun);
                byCamera.computeIfAbsent(json.get("cameraId").asText(), none -> new ArrayList<>())
                        .add(begun);
            } else if (type.equals("closed")) {
                trouble = message;
                closed.complete(json.get("cameraId").asText());
            }
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] part = new byte[data.remaining()];
        data.get(part);
        binary.writeBytes(part);
        if (last) {
            came(binary.toByteArray());
            binary.reset();
        }
        from.request(1);
        return null;
    }

    private synchronized void came(byte[] message) {
        Stretch stretch = byChannel.get(ByteBuffer.wrap(message).getInt());
        if (stretch != null) {
            stretch.file.write(message, Integer.BYTES, message.length - Integer.BYTES);
            stretch.pictures += isPicture(message) ? 1 : 0;
        }
    }

    private static boolean isPicture(byte[] message) {
        int header = find(message, TRACK_FRAGMENT);
        // Behind the box's name stand four bytes of version and flags (ISO/IEC 14496-12 8.8.7).
        return find(message, MOVIE_FRAGMENT) > 0
                && header > 0
                && ByteBuffer.wrap(message).getInt(header + 8) == 1;
    }

    private static int find(byte[] message, byte[] name) {
        for (int at = Integer.BYTES; at < Math.min(HEAD_BYTES, message.length - name.length); at++) {
            if (Arrays.equals(message, at, at + name.length, name, 0, name.length)) {
                return at;
            }
        }
        return -1;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        fail("the socket was closed: " + code + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable cause) {
        fail("the socket failed: " + cause);
    }

    private synchronized void fail(String how) {
        trouble = how;
    }

    private synchronized Optional<byte[]> stretch(String cameraId, int pictures) {
        if (!trouble.isEmpty()) {
            throw new AssertionError(trouble);
        }
        return byCamera.getOrDefault(cameraId, List.of()).stream()
                .filter(stretch -> stretch.pictures >= pictures)
                .findFirst()
                .map(stretch -> stretch.file.toByteArray());
    }

    void awaitPictures(String cameraId) {
        Waiting.until("pictures of " + cameraId, 60, () -> stretch(cameraId, 1).isPresent());
    }

    /** {@return the first camera that came to its end while the socket went on} */
    String awaitEnd() throws Exception {
        return closed.get(ENDED_SECONDS_MAX, TimeUnit.SECONDS);
    }

    /** {@return a file with so many pictures of a camera in a row} */
    Path film(String cameraId, int pictures, Path folder) throws IOException {
        Waiting.until(pictures + " pictures of " + cameraId, 60, () -> stretch(cameraId, pictures)
                .isPresent());
        return Files.write(
                folder.resolve(cameraId + ".mp4"), stretch(cameraId, pictures).orElseThrow());
    }

    @Override
    public void close() {
        socket.abort();
    }
}

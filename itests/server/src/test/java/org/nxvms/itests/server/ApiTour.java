// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateEncodingException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.nxvms.itests.harness.Api;
import org.nxvms.itests.harness.PackedServer;

/** What no other story asks for succeeds once: its answers are held against the document by {@link ApiContract}. */
final class ApiTour {
    private static final String FIRST = "Look-at-this-9-gate";
    private static final String SECOND = "Look-at-that-8-gate";

    private final PackedServer server;
    private final Api admin;
    private final UUID camera;

    ApiTour(PackedServer server, Api admin, UUID camera) {
        this.server = server;
        this.admin = admin;
        this.camera = camera;
    }

    void roles() {
        admin.post("/api/v1/roles", Map.of("name", "porter", "permissions", List.of("view_live")))
                .expect(201);
        JsonNode made = admin.get("/api/v1/roles/porter").expect(200).json();
        assertThat(made.at("/permissions/0").asText()).isEqualTo("view_live");
        assertThat(admin.patch("/api/v1/roles/porter", Map.of("ptzPriority", 7), "*")
                        .expect(200)
                        .json()
                        .get("ptzPriority")
                        .asInt())
                .isEqualTo(7);
        admin.delete("/api/v1/roles/porter").expect(204);
    }

    /** As the one who is administered, and as who does it. */
    void accounts() throws GeneralSecurityException {
        String id = admin.post(
                        "/api/v1/users",
                        Map.of("username", "tess", "password", FIRST, "role", "viewer", "mustChangePassword", false))
                .expect(201)
                .json()
                .get("id")
                .asText();
        Api tess = new Api(server.httpPort(), "tess", FIRST);
        tess.post("/api/v1/auth/password", Map.of("currentPassword", FIRST, "newPassword", SECOND))
                .expect(204);
        String secret = tess.post("/api/v1/auth/totp", Map.of("password", SECOND))
                .expect(200)
                .json()
                .get("secret")
                .asText();
        String recovery = recovery(tess.post("/api/v1/auth/totp/confirm", Map.of("code", code(secret))));
        assertThat(admin.get("/api/v1/users/" + id + "/totp")
                        .expect(200)
                        .json()
                        .get("enabled")
                        .asBoolean())
                .isTrue();
        String renewed =
                recovery(tess.post("/api/v1/auth/totp/recovery-codes", Map.of("password", SECOND, "code", recovery)));
        tess.post("/api/v1/auth/totp/remove", Map.of("password", SECOND, "code", renewed))
                .expect(204);
        admin.delete("/api/v1/users/" + id + "/totp").expect(204);

        assertThat(admin.get("/api/v1/users/" + id)
                        .expect(200)
                        .json()
                        .get("username")
                        .asText())
                .isEqualTo("tess");
        admin.get("/api/v1/users/" + id + "/grants").expect(200);
        assertThat(admin.get("/api/v1/users/" + id + "/rights?scope=camera/" + camera)
                        .expect(200)
                        .bytes())
                .isNotEmpty();
        JsonNode sessions = admin.get("/api/v1/users/" + id + "/sessions")
                .expect(200)
                .json()
                .get("items");
        admin.delete("/api/v1/users/" + id + "/sessions/"
                        + sessions.get(0).get("id").asText())
                .expect(204);
        admin.delete("/api/v1/users/" + id + "/sessions").expect(204);
        assertThat(tess.get("/api/v1/auth/me").status()).isEqualTo(401);
        admin.delete("/api/v1/users/" + id).expect(204);
    }

    private static String recovery(Api.Answer answer) {
        return answer.expect(200).json().at("/recoveryCodes/0").asText();
    }

    /** {@return what an authenticator app shows now} RFC 6238, with the values that all of them have. */
    private static String code(String secret) throws GeneralSecurityException {
        ByteBuffer key = ByteBuffer.allocate(secret.length() * 5 / 8);
        long bits = 0;
        int count = 0;
        for (char letter : secret.toCharArray()) {
            bits = bits << 5 | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter);
            count += 5;
            if (count >= 8) {
                count -= 8;
                key.put((byte) (bits >> count));
            }
        }
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(key.array(), "HmacSHA1"));
        byte[] hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES)
                .putLong(Instant.now().getEpochSecond() / 30)
                .array());
        int number = ByteBuffer.wrap(hash).getInt(hash[hash.length - 1] & 0xf) & Integer.MAX_VALUE;
        return String.format("%06d", number % 1_000_000);
    }

    void footage(long fromMs) {
        String id = admin.post(
                        "/api/v1/locks",
                        Map.of(
                                "cameraIds",
                                List.of(camera),
                                "from",
                                Long.toString(fromMs),
                                "to",
                                Long.toString(fromMs + 1_000),
                                "reason",
                                "theft"))
                .expect(201)
                .json()
                .get("id")
                .asText();
        assertThat(admin.get("/api/v1/locks/" + id)
                        .expect(200)
                        .json()
                        .get("reason")
                        .asText())
                .isEqualTo("theft");
        admin.delete("/api/v1/locks/" + id).expect(204);
        admin.get("/api/v1/archive/" + camera + "/coverage?from=" + fromMs + "&to=" + (fromMs + 1_000))
                .expect(200);
        admin.get("/api/v1/storage/volumes/main").expect(200);
        admin.patch("/api/v1/storage/volumes/main", Map.of("weight", 100), "*").expect(200);
        assertThat(admin.get("/metrics").expect(200).type()).startsWith("text/plain");
    }

    void recordingByHand() {
        String path = "/api/v1/cameras/" + camera + "/recording/";
        admin.post(path + "start", Map.of("durationSeconds", 60)).expect(204);
        admin.postText(path + "stop", "").expect(204);
    }

    /** A certificate is one, whoever made it. */
    void vendors() throws IOException, CertificateEncodingException {
        String pem;
        try (WebClient web = WebClient.tls(server.httpsPort(), "TLSv1.3")) {
            pem = "-----BEGIN CERTIFICATE-----\n"
                    + Base64.getMimeEncoder().encodeToString(web.certificate().getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        }
        String sha256 = admin.post("/api/v1/plugins/trusted", Map.of("pem", pem))
                .expect(201)
                .json()
                .get("sha256")
                .asText();
        assertThat(admin.get("/api/v1/plugins/trusted").expect(200).json().at("/items"))
                .extracting(one -> one.get("sha256").asText())
                .contains(sha256);
        admin.delete("/api/v1/plugins/trusted/" + sha256).expect(204);
    }

    void backup() {
        byte[] file = admin.post(
                        "/api/v1/backups",
                        Map.of("passphrase", "four horses in a row", "password", PackedServer.PASSWORD))
                .expect(200)
                .bytes();
        assertThat(file).hasSizeGreaterThan(1_000);
    }

    void camerasHealth() {
        JsonNode items =
                admin.get("/api/v1/health/cameras?limit=500").expect(200).json().get("items");
        assertThat(items).anySatisfy(one -> {
            assertThat(one.get("cameraId").asText()).isEqualTo(camera.toString());
            assertThat(one.get("framesPerSecond").asDouble()).isPositive();
            assertThat(one.get("missingSeconds").isIntegralNumber()).isTrue();
        });
    }

    /** What is in it is for who helps; the initial password lies beside the log that is. */
    void supportBundle() throws IOException {
        byte[] file = admin.get("/api/v1/health/support-bundle").expect(200).bytes();
        Map<String, String> texts = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                texts.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        assertThat(texts.get("nxvms-support/written.txt")).doesNotContain("missing");
        assertThat(texts.get("nxvms-support/cameras.json")).contains(camera.toString());
        assertThat(texts.get("nxvms-support/features.json")).contains("\"nxvms-", "\"started\"");
        assertThat(texts.get("nxvms-support/settings.json")).contains("org.nxvms.");
        assertThat(texts.get("nxvms-support/nxvms.log")).contains(" | INFO  | ");
        assertThat(texts.values())
                .allSatisfy(text -> assertThat(text).doesNotContain(PackedServer.PASSWORD, "rtsp://127"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nxvms.simulator.CameraFarm;
import org.nxvms.simulator.clip.TestClips;

/** What a client and a camera say to each other when nothing is wrong. */
class ConversationTest {
    private static final List<AuthScheme> SCHEMES = List.of(
            AuthScheme.NONE,
            AuthScheme.BASIC,
            AuthScheme.DIGEST_MD5,
            AuthScheme.DIGEST_MD5_QOP,
            AuthScheme.DIGEST_SHA256);

    private static CameraFarm farm;
    private static Camera open;

    @BeforeAll
    static void start() throws IOException {
        farm = CameraFarm.builder()
                .cameras(SCHEMES.size())
                .clip(TestClips.SPEC)
                .data(TestClips.FOLDER)
                .settings(number -> CameraSettings.DEFAULT.withLogin(SCHEMES.get(number - 1), "admin", "se:cret"))
                .start();
        open = farm.camera(1);
    }

    @AfterAll
    static void stop() {
        farm.close();
    }

    @Test
    void optionsNameTheMethods() throws IOException {
        try (RtspClient client = RtspClient.of(open, Camera.Role.MAIN)) {
            assertThat(client.options().header("public")).contains("DESCRIBE", "SETUP", "PLAY", "GET_PARAMETER");
        }
    }

    @Test
    void describeTellsCodecsParameterSetsAndControls() throws IOException {
        try (RtspClient client = RtspClient.of(open, Camera.Role.MAIN)) {
            RtspClient.Response response = client.describe("Accept: application/sdp");
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.header("content-base")).isEqualTo(open.uri(Camera.Role.MAIN) + "/");
            assertThat(response.body().lines().toList())
                    .contains(
                            "a=control:*",
                            "a=rtpmap:96 H264/90000",
                            "a=control:trackID=0",
                            "a=rtpmap:97 mpeg4-generic/48000/1",
                            "a=control:trackID=1");
            Matcher sets = Pattern.compile("profile-level-id=64(\\w{4});sprop-parameter-sets=([^,]+),(\\S+)")
                    .matcher(response.body());
            assertThat(sets.find()).isTrue();
            assertThat(Base64.getDecoder().decode(sets.group(2))[0] & 0x1f).isEqualTo(7);
            assertThat(Base64.getDecoder().decode(sets.group(3))[0] & 0x1f).isEqualTo(8);
        }
    }

    @Test
    void aWholeConversationFromSetupToTeardown() throws IOException {
        try (RtspClient client = RtspClient.of(open, Camera.Role.SUB)) {
            RtspClient.Response setup = client.setup(0);
            assertThat(setup.header("transport")).startsWith("RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=");
            assertThat(setup.header("session")).endsWith(";timeout=60");
            assertThat(client.setup(1).session()).isEqualTo(setup.session());

            RtspClient.Response play = client.inSession("PLAY");
            assertThat(play.status()).isEqualTo(200);
            assertThat(play.header("rtp-info")).contains("/cam/1/sub/trackID=0;seq=", "/cam/1/sub/trackID=1;seq=");
            assertThat(client.frame(0).nalType()).isEqualTo(7);

            assertThat(client.inSession("GET_PARAMETER").status()).isEqualTo(200);
            assertThat(client.inSession("PAUSE").status()).isEqualTo(200);
            assertThat(client.inSession("PLAY").status()).isEqualTo(200);
            assertThat(client.inSession("TEARDOWN").status()).isEqualTo(200);
            assertThat(client.inSession("PLAY").status()).isEqualTo(454);
            assertThat(client.options().status()).isEqualTo(200);
        }
    }

    @Test
    void wrongRequestsGetTheirStatus() throws IOException {
        try (RtspClient client = RtspClient.of(open, Camera.Role.MAIN)) {
            String uri = open.uri(Camera.Role.MAIN);
            assertThat(client.request("DESCRIBE", open.baseUri() + "/cam/99/main")
                            .status())
                    .isEqualTo(404);
            assertThat(client.request("DESCRIBE", uri, "Accept: text/html").status())
                    .isEqualTo(406);
            assertThat(client.request("PLAY", uri).status()).isEqualTo(454);
            assertThat(client.request("RECORD", uri).status()).isEqualTo(501);
            assertThat(client.setup(7).status()).isEqualTo(404);
            assertThat(client.setup(0, "RAW/RAW/UDP;unicast;client_port=5000-5001")
                            .status())
                    .isEqualTo(461);
            assertThat(client.setup(0, "").status()).isEqualTo(461);
        }
    }

    @Test
    void whatIsNoRequestIsAnsweredOnceAndClosed() throws IOException {
        try (RtspClient client = RtspClient.of(open, Camera.Role.MAIN)) {
            client.send("hello\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(400);
            assertThat(client.readUntilClosed()).isTrue();
        }
        try (RtspClient client = RtspClient.of(open, Camera.Role.MAIN)) {
            client.send("x".repeat(40_000));
            assertThat(client.readResponse().status()).isEqualTo(400);
        }
        try (RtspClient client = RtspClient.of(open, Camera.Role.MAIN)) {
            client.send("OPTIONS * RTSP/2.0\r\nCSeq: 1\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(505);
        }
    }

    @Test
    void requestsInOnePacketAndReportsBetweenThemAreUnderstood() throws IOException {
        try (RtspClient client = RtspClient.of(open, Camera.Role.MAIN)) {
            String options = "OPTIONS * RTSP/1.0\r\nCSeq: 7\r\n\r\n";
            client.send(options + "$\1\0\4abcd" + options);
            assertThat(client.readResponse().header("cseq")).isEqualTo("7");
            assertThat(client.readResponse().header("cseq")).isEqualTo("7");
        }
    }

    @Test
    void basicLogin() throws IOException {
        Camera camera = farm.camera(2);
        try (RtspClient client = RtspClient.of(camera, Camera.Role.MAIN)) {
            RtspClient.Response refused = client.describe();
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.header("www-authenticate")).startsWith("Basic realm=");
            assertThat(client.describe("Authorization: Basic " + base64("admin:wrong"))
                            .status())
                    .isEqualTo(401);
            assertThat(client.describe("Authorization: Basic " + base64("admin:se:cret"))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void digestLoginInEveryDialect() throws Exception {
        for (int number = 3; number <= SCHEMES.size(); number++) {
            Camera camera = farm.camera(number);
            try (RtspClient client = RtspClient.of(camera, Camera.Role.MAIN)) {
                String challenge = client.describe().header("www-authenticate");
                assertThat(client.describe(digest(challenge, camera, "wrong")).status())
                        .isEqualTo(401);
                assertThat(client.describe(digest(challenge, camera, "se:cret")).status())
                        .as(challenge)
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void aSilentSessionIsClosedAndALivingOneIsNot() throws IOException {
        try (CameraFarm impatient = CameraFarm.builder()
                        .clip(TestClips.SPEC)
                        .data(TestClips.FOLDER)
                        .settings(number -> CameraSettings.DEFAULT.withSessionTimeoutSeconds(5))
                        .start();
                RtspClient living = RtspClient.of(impatient.camera(1), Camera.Role.SUB);
                RtspClient silent = RtspClient.of(impatient.camera(1), Camera.Role.SUB)) {
            silent.play(1);
            assertThat(living.play(1).header("session")).endsWith(";timeout=5");
            int first = living.frame(0).timestamp();
            while (living.frame(0).timestamp() - first < 90_000 * 7) {
                living.inSession("GET_PARAMETER");
            }
            assertThat(silent.readUntilClosed()).isTrue();
            assertThat(living.inSession("GET_PARAMETER").status()).isEqualTo(200);
        }
    }

    static String digest(String challenge, Camera camera, String password) throws NoSuchAlgorithmException {
        String realm = find(challenge, "realm=\"([^\"]*)\"");
        String nonce = find(challenge, "nonce=\"([^\"]*)\"");
        String algorithm = challenge.contains("SHA-256") ? "SHA-256" : "MD5";
        String uri = camera.uri(Camera.Role.MAIN);
        String ha1 = hash(algorithm, "admin:" + realm + ":" + password);
        String ha2 = hash(algorithm, "DESCRIBE:" + uri);
        boolean qop = challenge.contains("qop=");
        String response = hash(algorithm, ha1 + ":" + nonce + (qop ? ":00000001:c0ffee:auth:" : ":") + ha2);
        return "Authorization: Digest username=\"admin\", realm=\"" + realm + "\", nonce=\"" + nonce + "\", uri=\""
                + uri + "\", response=\"" + response + "\""
                + (qop ? ", qop=auth, nc=00000001, cnonce=\"c0ffee\", algorithm=" + algorithm : "");
    }

    private static String find(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }

    private static String hash(String algorithm, String text) throws NoSuchAlgorithmException {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RtspAuthenticatorTest {
    private final RtspAuthenticator admin = new RtspAuthenticator("Mufasa", "Circle Of Life");

    private static RtspHeaders ask(String... challenges) {
        RtspHeaders headers = RtspHeaders.EMPTY;
        for (String challenge : challenges) {
            headers = headers.with("WWW-Authenticate", challenge);
        }
        return headers;
    }

    private Map<String, String> answer(String method, String uri) {
        return RtspChallenge.parse(admin.authorization(method, uri).orElseThrow())
                .get(0)
                .parameters();
    }

    /** The example of RFC 2617 3.5, whose password is "Circle Of Life". */
    @Test
    void theArithmeticIsThatOfTheRfc() {
        DigestAnswer.Question question = new DigestAnswer.Question(
                "GET", "/dir/index.html", "testrealm@host.com", "dcd98b7102dd2f0e8b11d0f600bfb0c093", "MD5");

        assertThat(DigestAnswer.withQop("Mufasa", "Circle Of Life", question, "00000001", "0a4f113b"))
                .isEqualTo("6629fae49393a05397450978507c4ef1");
        assertThat(DigestAnswer.withoutQop("Mufasa", "Circle Of Life", question))
                .isEqualTo("670fd8c2df070c60b045671b8b24ff02");
    }

    @Test
    void nothingIsSentBeforeTheServerAsks() {
        assertThat(admin.authorization("OPTIONS", "rtsp://c/")).isEmpty();
    }

    @Test
    void whoAsksForThePasswordItselfDoesNotGetItWhereOnlyDigestIsAllowed() {
        RtspAuthenticator careful = new RtspAuthenticator("Mufasa", "Circle Of Life", true);
        assertThat(careful.challenged(ask("Basic realm=\"cam\""))).isFalse();
        assertThat(careful.isAsked()).isFalse();
        assertThat(careful.authorization("DESCRIBE", "rtsp://c/1")).isEmpty();
        assertThat(careful.challenged(ask("Basic realm=\"cam\"", "Digest realm=\"cam\", nonce=\"n1\"")))
                .isTrue();
        assertThat(careful.authorization("DESCRIBE", "rtsp://c/1").orElseThrow())
                .startsWith("Digest ")
                .doesNotContain("Circle");
        assertThat(admin.challenged(ask("Basic realm=\"cam\""))).isTrue();
    }

    @Test
    void theStrongestOfSeveralChallengesIsAnswered() {
        boolean again = admin.challenged(ask(
                "Basic realm=\"cam\"",
                "Digest realm=\"cam\", nonce=\"n1\", algorithm=MD5",
                "Digest realm=\"cam\", nonce=\"n2\", algorithm=SHA-256, qop=\"auth-int, auth\", opaque=\"o\""));

        assertThat(again).isTrue();
        Map<String, String> sent = answer("DESCRIBE", "rtsp://c/1");
        assertThat(sent)
                .containsEntry("algorithm", "SHA-256")
                .containsEntry("nonce", "n2")
                .containsEntry("opaque", "o");
        DigestAnswer.Question question = new DigestAnswer.Question("DESCRIBE", "rtsp://c/1", "cam", "n2", "SHA-256");
        assertThat(sent.get("response"))
                .isEqualTo(
                        DigestAnswer.withQop("Mufasa", "Circle Of Life", question, sent.get("nc"), sent.get("cnonce")));
        assertThat(answer("SETUP", "rtsp://c/1").get("nc")).isEqualTo("00000002");
    }

    @Test
    void challengesInOneLineAreToldApart() {
        assertThat(RtspChallenge.parse("Digest realm=\"a, b\", nonce=\"x\", Basic realm=\"c\""))
                .extracting(RtspChallenge::scheme)
                .containsExactly("digest", "basic");
    }

    @Test
    void basicIsUsedWhenThereIsNothingBetter() {
        admin.challenged(ask("Basic realm=\"cam\"", "Negotiate"));
        assertThat(admin.authorization("DESCRIBE", "x")).contains("Basic TXVmYXNhOkNpcmNsZSBPZiBMaWZl");
    }

    @Test
    void aRefusedAnswerIsNotRepeatedButAStaleNonceIs() {
        admin.challenged(ask("Digest realm=\"cam\", nonce=\"n1\""));
        answer("DESCRIBE", "x");
        assertThat(admin.challenged(ask("Digest realm=\"cam\", nonce=\"n2\""))).isFalse();

        RtspAuthenticator other = new RtspAuthenticator("a", "b");
        other.challenged(ask("Digest realm=\"cam\", nonce=\"n1\""));
        other.authorization("DESCRIBE", "x");
        assertThat(other.challenged(ask("Digest realm=\"cam\", nonce=\"n2\", stale=TRUE")))
                .isTrue();
        other.authorization("DESCRIBE", "x");
        assertThat(other.challenged(ask("Digest realm=\"cam\", nonce=\"n2\", stale=true")))
                .as("stale with the nonce just used is a refusal")
                .isFalse();
    }

    @Test
    void aNonceExpiringMidSessionIsAnsweredAnew() {
        admin.challenged(ask("Digest realm=\"cam\", nonce=\"n1\""));
        answer("DESCRIBE", "x");
        admin.accepted(RtspHeaders.of("Authentication-Info", "nextnonce=\"n7\""));
        assertThat(answer("PLAY", "x")).containsEntry("nonce", "n7");
        admin.accepted(RtspHeaders.EMPTY);
        assertThat(admin.challenged(ask("Digest realm=\"cam\", nonce=\"n8\""))).isTrue();
    }

    /** As many cameras let nonces run out: without a word of it, between two keep-alives. */
    @Test
    void anotherNonceAfterOneThatWasGoodIsAnsweredOnce() {
        admin.challenged(ask("Digest realm=\"cam\", nonce=\"n1\""));
        answer("PLAY", "x");
        admin.accepted();
        answer("OPTIONS", "x");
        assertThat(admin.challenged(ask("Digest realm=\"cam\", nonce=\"n2\""))).isTrue();
        assertThat(answer("OPTIONS", "x")).containsEntry("nonce", "n2");
        assertThat(admin.challenged(ask("Digest realm=\"cam\", nonce=\"n3\"")))
                .as("the password was changed")
                .isFalse();
    }

    /** Otherwise somebody between us and the camera could ask for the password in clear. */
    @Test
    void basicIsNotUsedBesideADigestEvenOneThatIsNotUnderstood() {
        assertThat(admin.challenged(
                        ask("Digest realm=\"cam\", nonce=\"n\", algorithm=SHA-512-256", "Basic realm=\"cam\"")))
                .isFalse();
        assertThat(admin.authorization("DESCRIBE", "x")).isEmpty();
    }

    @Test
    void aServerThatFindsEveryNonceStaleIsGivenUp() {
        int tries = 0;
        while (admin.challenged(ask("Digest realm=\"cam\", nonce=\"n" + tries + "\", stale=true")) && tries < 100) {
            answer("DESCRIBE", "x");
            tries++;
        }
        assertThat(tries).isLessThan(6);
    }

    /** RFC 7616 3.4.2: the secret of a session depends on both nonces. */
    @Test
    void sessionAlgorithmsAreAnswered() {
        admin.challenged(ask("Digest realm=\"cam\", nonce=\"n\", qop=auth, algorithm=MD5-sess"));
        Map<String, String> sent = answer("DESCRIBE", "x");
        assertThat(sent).containsEntry("algorithm", "MD5-sess");
        DigestAnswer.Question plain = new DigestAnswer.Question("DESCRIBE", "x", "cam", "n", "MD5");
        DigestAnswer.Question session = new DigestAnswer.Question("DESCRIBE", "x", "cam", "n", "MD5-sess");
        assertThat(sent.get("response"))
                .isEqualTo(DigestAnswer.withQop("Mufasa", "Circle Of Life", session, "00000001", sent.get("cnonce")))
                .isNotEqualTo(DigestAnswer.withQop("Mufasa", "Circle Of Life", plain, "00000001", sent.get("cnonce")));
    }
}

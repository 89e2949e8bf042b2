// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What leaves of a text. */
class SieveTest {
    private final Sieve sieve = new Sieve(new KnownNames(Map.of(
            Secrets.USER,
            "[user-1]",
            Secrets.CAMERA,
            "[camera-1]",
            Secrets.GROUP,
            "[group]",
            Secrets.SERVER,
            "[server]",
            "cam7.lan.example",
            "[camera-1]",
            Secrets.SET_HOST,
            "[ldap-host-1]")));

    @Test
    void noSecretAndNoNameLeaves() {
        for (String sentence : Secrets.sentences()) {
            assertThat(sieve.text(sentence))
                    .as(sentence)
                    .doesNotContain(Secrets.all().toArray(String[]::new));
        }
    }

    @Test
    void whatHelpsStays() {
        for (String sentence : new String[] {
            "Stream main of 5f0c6b1e-6f0e-4d3c-8a51-0a9d2f3c7b11 is lost: CAMERA_UNREACHABLE, next attempt in 8 s",
            "org.nxvms.ingest.rtsp.RtspDialogue$Http2Reader was lapped 3 times at 03:15:00",
            "java.nio.channels.ClosedChannelException",
            "chunks/2026-11-28/031500-main.mp4 is torn at 1234567890123456",
            "The driver onvif 0.1.0 answers 401 to GetStreamUri; the camera is asked again in 5 minutes",
            "nxvms-vol-main-flush-1",
            "Reading etc/org.nxvms.web.cfg and nxvms.log failed: org.nxvms.web needs 2 s, e.g. GET /api/v1/cameras/7 at 03:15",
            "The user is not known; a volume is full, volume files were left and the user may try again",
            "Caused by: java.net.ConnectException: Connection refused at Control.java:17",
            "Moving 0315-main.mp4 to 0316-main.mp4; reading from nxvms.log and setenv.sh, line:17 at T03:15:00",
            "class org.acme.Door cannot be cast to org.acme.Gate, read from org.nxvms.web",
            "connected to the camera; connection to another server; the host is unreachable, no route to host (timed out)",
            "Connected with 5 cameras, to 3 of them in 12:30"
        }) {
            assertThat(sieve.text(sentence)).isEqualTo(sentence);
        }
    }

    @Test
    void anAddressHasTheSameNumberWhereverItComesUp() {
        assertThat(sieve.text("from 192.0.2.7:554 to 192.0.2.8")).isEqualTo("from [address-1]:554 to [address-2]");
        assertThat(sieve.text("again 192.0.2.7, and fe80::1, and 00:1a:2b:3c:4d:5e"))
                .isEqualTo("again [address-1], and [address-3], and [address-4]");
    }

    @Test
    void aHostHasTheSameNumberWhereverItComesUp() {
        assertThat(sieve.text("to db.customer.example:5432, NAS.customer.example, Db.Customer.Example:80"))
                .isEqualTo("to [host-1]:5432, [host-2], [host-1]:80");
        assertThat(sieve.text("User anna.huber, volume Kanzlei: full, Volume Big One: /mnt/x/y"))
                .isEqualTo("User [user], volume [volume]: full, Volume [volume]: [path]");
    }

    @Test
    void tokensThatWereMadeByChanceAreTakenForWhatTheyAre() {
        Random random = new Random(7);
        int kept = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[32];
            random.nextBytes(bytes);
            String token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            kept += sieve.text("it is " + token + " now").contains(token) ? 1 : 0;
        }
        assertThat(kept).isZero();
    }

    @Test
    void textsWithoutAnEndAreCut() {
        assertThat(sieve.text("a ".repeat(100_000)).length()).isLessThan(Sieve.TEXT_CHARS_MAX + 10);
    }

    @Test
    void namesAreFoundAsWholeWordsWhateverTheirCase() {
        KnownNames names =
                new KnownNames(Map.of("Gate", "[1]", "Gate North", "[2]", "x", "[3]", "--", "[4]", "C++", "[5]"));
        assertThat(names.replaced("gate, GATE NORTH, gateway, the gate's x -- and c++"))
                .isEqualTo("[1], [2], gateway, the [1]'s x -- and [5]");
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.platform.api.worker.SourceRequest;

/** What a child says, which may be what its source made it say. */
class WordsTest {
    private static Words of(String uri) {
        return new Words(new SourceRequest(
                URI.create(uri),
                Optional.of(new Credentials("viewer", "s3cret")),
                List.of("tcp"),
                List.of("hls"),
                true,
                false,
                1_000,
                1_000));
    }

    @Test
    void noLineOfTheLogCanBeForgedAndNoTerminalSteered() {
        String line = new Words().forLog("fine\n2026-01-01 ERROR all is lost\u001b[2J\u202e\u2028");
        assertThat(line).isEqualTo("fine\\u000a2026-01-01 ERROR all is lost\\u001b[2J\\u202e\\u2028");
        assertThat(new Words().forLog("x".repeat(5_000))).hasSize(Words.CHARS_MAX + 3);
    }

    @Test
    void theKeyOfAStreamIsNowhereAndItsAddressIsForAdministratorsOnly() {
        Words words = of("rtmp://media.example:1935/live/k3y-0f-stream?token=t0k3n");
        String said =
                "rtmp: cannot open rtmp://media.example:1935/live/k3y-0f-stream?token=t0k3n as viewer with s3cret";
        assertThat(words.forLog(said))
                .contains("media.example:1935/live/")
                .doesNotContain("k3y-0f-stream", "t0k3n", "s3cret", "viewer");
        assertThat(words.forPeople(said + "; media.example does not answer"))
                .isEqualTo("rtmp: cannot open its address as *** with ***; *** does not answer");
    }

    @Test
    void aFileIsNotNamedToThoseWhoWatch() {
        assertThat(of("file:///srv/clips/gate.mp4").forPeople("moov atom not found in /srv/clips/gate.mp4"))
                .isEqualTo("moov atom not found in ***");
    }

    @Test
    void oneLineASecondIsWrittenAndTheOthersAreCounted() {
        Chatter chatter = new Chatter();
        long second = 1_000_000_000L;
        assertThat(chatter.line("one", 5 * second)).contains("one");
        for (int i = 0; i < 1_000; i++) {
            assertThat(chatter.line("flood", 5 * second + i)).isEmpty();
        }
        assertThat(chatter.line("two", 6 * second)).contains("two (1000 lines before it were left out)");
    }
}

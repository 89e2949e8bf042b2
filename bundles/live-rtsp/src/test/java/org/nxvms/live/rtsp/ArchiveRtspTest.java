// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.media.kit.rtp.Rtcp;
import org.nxvms.media.kit.rtsp.RtpInfo;
import org.nxvms.media.kit.rtsp.RtspResponse;
import org.nxvms.media.kit.sdp.SessionDescription;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.test.kit.Awaiting;
import org.nxvms.test.kit.NotedTrail;

/** What a player sees of footage: two segments that follow each other, a gap of ten minutes, and one more. */
@Timeout(120)
class ArchiveRtspTest {
    private static final long GAP_US = 600_000_000;
    private static final long GROUP_US = Stage.GOP * Footage.PICTURE_US;
    private static final long END_US = Stage.START_US + 6 * GROUP_US + GAP_US;

    private final Footage footage =
            new Footage().segment(2).segment(2).gap(GAP_US).segment(2);
    private final People people = new People();
    private final NotedTrail trail = new NotedTrail();
    private final Listener listener = new Listener(
            new Services(() -> null, () -> people, () -> people, people::cameras, footage::archive, () -> trail),
            (plain, read) -> {
                throw new IOException("no TLS here");
            });

    /** One that came: the picture, and what the extension says of it. */
    private record Shown(int number, long wallUs, int flags, int cseq, long rtpTime) {}

    @BeforeEach
    void open() {
        people.rights = EnumSet.of(Permission.VIEW_ARCHIVE, Permission.LISTEN);
        Rules rules = new Rules(true, true, new UdpOutlet.Ports(0, 0), 60, 1, new Places(4, 4));
        listener.apply(rules, Optional.of(new Listener.Address("127.0.0.1", 0)), 4);
        Awaiting.until("the port is open", () -> listener.port() > 0);
    }

    @AfterEach
    void close() {
        listener.close();
    }

    private String uri() {
        return "rtsp://127.0.0.1:" + listener.port() + "/archive/" + Stage.CAMERA;
    }

    private TestClient setUp(String query) throws IOException {
        TestClient client = TestClient.of(listener.port(), People.KEY);
        client.ask("DESCRIBE", uri() + query);
        assertThat(client.ask(
                                "SETUP",
                                uri() + "/track0",
                                "Transport",
                                "RTP/AVP/TCP;unicast;interleaved=0-1",
                                "Require",
                                "onvif-replay")
                        .status())
                .isEqualTo(200);
        return client;
    }

    private static String clock(long fromUs, long toUs) {
        return "clock=" + ClockRange.text(fromUs) + "-" + ClockRange.text(toUs);
    }

    /** Takes pictures until goodbye is said. */
    private static List<Shown> watch(TestClient client) throws IOException {
        List<Shown> shown = new ArrayList<>();
        Pictures film = new Pictures();
        Rtcp rtcp = new Rtcp();
        while (true) {
            TestClient.Frame frame = client.frame();
            if (frame.channel() == 1) {
                rtcp.parse(frame.buffer(), 0, frame.bytes().length);
                if (rtcp.hasBye()) {
                    assertThat(film.lost()).isZero();
                    return shown;
                }
                continue;
            }
            ByteBuffer packet = frame.buffer();
            int before = film.pictures().size();
            film.take(packet);
            assertThat(film.header().extensionProfile()).isEqualTo(0xABAC);
            if (film.pictures().size() > before) {
                Pictures.Picture last = film.pictures().get(before);
                int at = film.header().extensionOffset();
                shown.add(new Shown(
                        last.number(),
                        wallUs(packet.getLong(at)),
                        packet.get(at + 8) & 0xFF,
                        packet.get(at + 9),
                        last.rtpTime()));
            }
        }
    }

    private static long wallUs(long ntp) {
        return ((ntp >>> 32) - 2_208_988_800L) * 1_000_000 + ((ntp & 0xFFFF_FFFFL) * 1_000_000 >>> 32);
    }

    private static List<Integer> numbers(List<Shown> shown) {
        return shown.stream().map(Shown::number).toList();
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    void aRangeByTheClockGivesExactlyItsPicturesWithTheirTimes() throws Exception {
        long from = Stage.START_US + GROUP_US;
        try (TestClient client = setUp("")) {
            RtspResponse answer =
                    client.ask("PLAY", uri(), "Range", clock(from, from + 2 * GROUP_US), "Rate-Control", "no");
            assertThat(answer.headers().first("Range")).contains(clock(from, from + 2 * GROUP_US));
            assertThat(answer.headers().first("Rate-Control")).contains("no");
            List<Shown> shown = watch(client);

            assertThat(numbers(shown)).as("over the border of two segments").isEqualTo(range(10, 30));
            for (int i = 0; i < shown.size(); i++) {
                assertThat(shown.get(i).wallUs()).isEqualTo(from + i * Footage.PICTURE_US);
                assertThat(shown.get(i).flags()).isEqualTo((i % Stage.GOP == 0 ? 0x80 : 0) | (i == 0 ? 0x20 : 0));
                assertThat(shown.get(i).cseq()).isEqualTo(answer.cseq());
                assertThat(shown.get(i).rtpTime() - shown.get(0).rtpTime()).isEqualTo(i * 3_600L);
            }
            RtpInfo info = RtpInfo.parse(answer.headers().first("RTP-Info").orElseThrow())
                    .get(0);
            assertThat((int) shown.get(0).rtpTime()).isEqualTo(info.timestamp());
        }
    }

    @Test
    void aGapIsAJumpOfTheClockThatNobodyWaitsFor() throws Exception {
        try (TestClient client = setUp("")) {
            client.ask("PLAY", uri(), "Range", clock(Stage.START_US + 3 * GROUP_US, END_US), "Rate-Control", "no");
            List<Shown> shown = watch(client);

            assertThat(numbers(shown)).isEqualTo(range(30, 60));
            assertThat(shown.get(9).flags()).as("the end of a section").isEqualTo(0x40);
            assertThat(shown.get(10).flags()).as("a key frame after a gap").isEqualTo(0xA0);
            assertThat(shown.get(10).wallUs() - shown.get(9).wallUs()).isEqualTo(GAP_US + Footage.PICTURE_US);
            assertThat(shown.get(10).rtpTime() - shown.get(9).rtpTime()).isEqualTo(3_600);
            assertThat(shown.get(29).flags()).isEqualTo(0x40);
        }
    }

    @Test
    void betweenKeyFramesItBeginsAtTheOneBefore() throws Exception {
        long from = Stage.START_US + GROUP_US + 7 * Footage.PICTURE_US;
        try (TestClient client = setUp("")) {
            client.ask("PLAY", uri(), "Range", clock(from, from + 2 * Footage.PICTURE_US), "Rate-Control", "no");

            assertThat(numbers(watch(client))).isEqualTo(range(10, 19));
        }
    }

    @Test
    void aPlayerThatKnowsNoClockNamesTheTimeInTheAddress() throws Exception {
        String query = "?from=" + "2025-10-09T08:53:20.400Z" + "&to=2025-10-09T08%3A53%3A20.800Z";
        try (TestClient client = setUp(query)) {
            RtspResponse answer = client.ask("PLAY", uri(), "Range", "npt=0.000-", "Rate-Control", "no");
            assertThat(answer.headers().first("Range")).contains("npt=0.000000-0.400000");
            assertThat(numbers(watch(client))).isEqualTo(range(10, 20));
        }
        try (TestClient client = setUp(query)) {
            assertThat(client.ask("PLAY", uri(), "Rate-Control", "no").headers().first("Range"))
                    .as("whoever asks for none")
                    .contains("npt=0.000000-0.400000");
        }
    }

    /** GStreamer takes the time of day of a clock for seconds, and asks for footage of tomorrow. */
    @Test
    void whereTheAddressNamesTheTimeItIsDescribedInSecondsAndElseByTheClock() throws Exception {
        try (TestClient client = TestClient.of(listener.port(), People.KEY)) {
            assertThat(described(client, "?from=2025-10-09T08:53:20.400Z&to=2025-10-09T08%3A53%3A20.800Z"))
                    .contains("a=range:npt=0-0.400000\r\n");
            assertThat(described(client, "?from=2025-10-09T08:53:20.400Z"))
                    .contains("a=range:npt=0-" + ClockRange.npt(END_US - Stage.START_US - GROUP_US) + "\r\n");
            assertThat(described(client, "")).contains("a=range:" + clock(Stage.START_US, END_US) + "\r\n");
            assertThat(described(client, "?to=2025-10-09T08:53:20.800Z"))
                    .contains("a=range:" + clock(Stage.START_US, Stage.START_US + 2 * GROUP_US) + "\r\n");
        }
    }

    private String described(TestClient client, String query) throws Exception {
        return new String(client.ask("DESCRIBE", uri() + query).body(), StandardCharsets.US_ASCII);
    }

    /** Players draw their time line by it. */
    @Test
    void theAnswerSaysFromWhenToWhenThereIsFootageOfWhatWasAsked() throws Exception {
        try (TestClient client = setUp("")) {
            assertThat(client.ask("PLAY", uri(), "Range", "clock=20200101T000000Z-", "Rate-Control", "no")
                            .headers()
                            .first("Range"))
                    .contains(clock(Stage.START_US, END_US));
            assertThat(numbers(watch(client))).isEqualTo(range(0, 60));
            long amidTheGap = Stage.START_US + 5 * GROUP_US;
            assertThat(client.ask("PLAY", uri(), "Range", clock(amidTheGap, END_US + GAP_US), "Rate-Control", "no")
                            .headers()
                            .first("Range"))
                    .contains(clock(END_US - 2 * GROUP_US, END_US));
            assertThat(numbers(watch(client))).isEqualTo(range(40, 60));
        }
    }

    @Test
    void itIsPlayedAsItHappenedUnlessAskedOtherwise() throws Exception {
        try (TestClient client = setUp("")) {
            long before = System.nanoTime();
            client.ask("PLAY", uri(), "Range", clock(Stage.START_US, Stage.START_US + 2 * GROUP_US));
            assertThat(watch(client)).hasSize(20);
            assertThat((System.nanoTime() - before) / 1_000)
                    .as("19 pictures later")
                    .isGreaterThanOrEqualTo(19 * Footage.PICTURE_US);
        }
    }

    @Test
    void fasterThanTwiceKeyFramesAreSentAlone() throws Exception {
        try (TestClient client = setUp("")) {
            String all = clock(Stage.START_US, Stage.START_US + 4 * GROUP_US);
            RtspResponse answer = client.ask("PLAY", uri(), "Range", all, "Scale", "4.0");
            assertThat(answer.headers().first("Scale")).contains("4.0");
            List<Shown> shown = watch(client);

            assertThat(numbers(shown)).containsExactly(0, 10, 20, 30);
            assertThat(shown.get(3).rtpTime() - shown.get(0).rtpTime()).isEqualTo(30 * 3_600 / 4);

            assertThat(client.ask("PLAY", uri(), "Range", all, "Scale", "2", "Rate-Control", "no")
                            .headers()
                            .first("Scale"))
                    .contains("2.0");
            assertThat(watch(client)).hasSize(40);
        }
    }

    @Test
    void playingGoesOnWhereItWasPausedAndJumpsWhereItIsTold() throws Exception {
        try (TestClient client = setUp("")) {
            client.ask("PLAY", uri(), "Range", clock(Stage.START_US, END_US), "Rate-Control", "no");
            client.frame(0);
            assertThat(client.ask("PAUSE", uri()).status()).isEqualTo(200);
            // All that was taken before the pause was sent before its answer.
            client.forget();
            RtspResponse again =
                    client.ask("PLAY", uri(), "Range", clock(END_US - GROUP_US, END_US), "Rate-Control", "no");
            assertThat(again.status()).isEqualTo(200);
            List<Shown> shown = watch(client);
            assertThat(numbers(shown)).isEqualTo(range(50, 60));
            assertThat(shown).allMatch(each -> each.cseq() == again.cseq());
        }
    }

    @Test
    void aRequestThatIsRefusedDoesNotStopWhatPlays() throws Exception {
        try (TestClient client = setUp("")) {
            client.ask("PLAY", uri(), "Range", clock(Stage.START_US, Stage.START_US + 2 * GROUP_US));
            client.frame(0);
            assertThat(client.ask("PLAY", uri(), "Range", "clock=20310101T000000Z-")
                            .status())
                    .isEqualTo(457);

            List<Shown> shown = watch(client);
            assertThat(shown.get(shown.size() - 1).number()).isEqualTo(19);
        }
    }

    @Test
    void theEndOfTimeIsTheEndOfTheFootage() throws Exception {
        try (TestClient client = setUp("?from=0001-01-01T00:00:00Z&to=9999-12-31T23:59:59Z")) {
            RtspResponse answer = client.ask(
                    "PLAY",
                    uri(),
                    "Range",
                    "clock=" + ClockRange.text(END_US - GROUP_US) + "-99991231T235959Z",
                    "Rate-Control",
                    "no");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(numbers(watch(client))).isEqualTo(range(50, 60));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "clock=20261301T000000Z-",
                "clock=+999999999-12-31T23:59:59Z-",
                "clock=99999999999999999999991231T235959Z-",
                "clock=20261126T210000Z-20200101T000000Z",
                "clock=20261126T210000Z-now",
                "clock=Z",
                "clock=",
                "npt=-5-",
                "npt=-0",
                "npt=5-5",
                "npt=9999999999-",
                "npt=1e9-",
                "npt=0-NaN",
                "smpte=00:00:01-"
            })
    void aTimeThatCannotBeIsRefusedAndTheConversationGoesOn(String range) throws Exception {
        try (TestClient client = setUp("")) {
            RtspResponse refused = client.ask("PLAY", uri(), "Range", range);
            assertThat(refused.status()).isEqualTo(457);
            assertThat(refused.headers().first("X-Detail")).isPresent();

            client.ask("PLAY", uri(), "Range", clock(Stage.START_US, Stage.START_US + GROUP_US), "Rate-Control", "no");
            assertThat(numbers(watch(client))).isEqualTo(range(0, 10));
        }
    }

    /** RFC 2326 3.6. */
    @Test
    void aRangeInSecondsMayHaveAnEndAlone() throws Exception {
        try (TestClient client = setUp("")) {
            client.ask("PLAY", uri(), "Range", "npt=-" + ClockRange.npt(GROUP_US), "Rate-Control", "no");

            assertThat(numbers(watch(client))).isEqualTo(range(0, 10));
        }
    }

    @Test
    void footageThatCannotBeReadIsNotSaidToHaveEnded() throws Exception {
        try (TestClient client = setUp("")) {
            footage.trouble = call -> call.equals("segments")
                    ? Optional.of(new StoreException("the database is not there", null))
                    : Optional.empty();
            RtspResponse answer = client.ask(
                    "PLAY", uri(), "Range", clock(Stage.START_US, Stage.START_US + GROUP_US), "Rate-Control", "no");
            assertThat(answer.status()).isEqualTo(200);
            footage.trouble = call -> Optional.empty();

            assertThat(numbers(watch(client))).isEqualTo(range(0, 10));
        }
    }

    @Test
    void whatIsThereIsDescribedAndWhatIsNotIsSaid() throws Exception {
        try (TestClient client = TestClient.of(listener.port(), People.KEY)) {
            SessionDescription told =
                    SessionDescription.parse(client.ask("DESCRIBE", uri()).body());
            assertThat(told.range()).contains(clock(Stage.START_US, END_US));
            assertThat(client.ask("DESCRIBE", uri() + "?from=2031-01-01T00:00:00Z")
                            .status())
                    .isEqualTo(404);
            assertThat(client.ask("DESCRIBE", uri() + "?from=yesterday").status())
                    .isEqualTo(400);
            assertThat(client.ask("DESCRIBE", uri() + "?since=1").status()).isEqualTo(400);
        }
        try (TestClient client = setUp("")) {
            assertThat(client.ask("PLAY", uri(), "Range", "clock=20310101T000000Z-")
                            .status())
                    .isEqualTo(457);
            assertThat(client.ask("PLAY", uri(), "Range", "smpte=0-").status()).isEqualTo(457);
            assertThat(client.ask("PLAY", uri(), "Range", "clock=20261126T210000Z-20261126T200000Z")
                            .status())
                    .isEqualTo(457);
        }
    }

    @Test
    void whoWasSentWhichFootageIsInTheAudit() throws Exception {
        long from = Stage.START_US + GROUP_US;
        try (TestClient client = setUp("")) {
            client.ask("PLAY", uri(), "Range", clock(from, from + GROUP_US), "Rate-Control", "no");
            assertThat(trail.often).singleElement().satisfies(note -> {
                assertThat(note.action()).isEqualTo("footage.viewed");
                assertThat(note.subject()).isEqualTo("camera/" + Stage.CAMERA);
                assertThat(note.actor().address()).isEqualTo("127.0.0.1");
                assertThat(note.after()).containsOnly(Map.entry("way", "rtsp"), Map.entry("from", text(from)));
            });
            List<Shown> shown = watch(client);
            assertThat(client.ask("PAUSE", uri()).status()).isEqualTo(200);

            assertThat(trail.often).hasSize(2);
            assertThat(trail.often.get(1).after())
                    .containsOnly(
                            Map.entry("way", "rtsp"),
                            Map.entry("from", text(from)),
                            Map.entry("to", text(shown.get(shown.size() - 1).wallUs())));
            assertThat(client.ask("TEARDOWN", uri()).status()).isEqualTo(200);
            assertThat(trail.often).as("told once").hasSize(2);
        }
    }

    private static String text(long us) {
        return Instant.EPOCH
                .plus(us, ChronoUnit.MICROS)
                .truncatedTo(ChronoUnit.MILLIS)
                .toString();
    }

    @Test
    void footageIsForThoseWhoMaySeeIt() throws Exception {
        people.rights = EnumSet.of(Permission.VIEW_LIVE, Permission.LISTEN);
        try (TestClient client = TestClient.of(listener.port(), People.KEY)) {
            assertThat(client.ask("DESCRIBE", uri()).status()).isEqualTo(403);
        }
        assertThat(trail.last("footage.viewed").done()).isFalse();
    }

    @Test
    void footageOutlivesItsCamera() throws Exception {
        people.cameraRemoved = true;
        try (TestClient client = setUp("")) {
            client.ask("PLAY", uri(), "Range", clock(Stage.START_US, Stage.START_US + GROUP_US), "Rate-Control", "no");
            assertThat(watch(client)).hasSize(Stage.GOP);
        }
        footage.forgotten = true;
        try (TestClient client = TestClient.of(listener.port(), People.KEY)) {
            RtspResponse none = client.ask("DESCRIBE", uri());
            assertThat(none.status()).isEqualTo(404);
            assertThat(none.headers().first("X-Detail").orElse("")).contains("There is no camera " + Stage.CAMERA);
        }
    }
}

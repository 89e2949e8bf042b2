// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.StreamId;
import org.nxvms.media.kit.rtp.Payloader;
import org.nxvms.test.kit.Awaiting;

/** How sending ends. */
@Timeout(120)
class PlayerTest {
    private static final StreamFormat FORMAT = new StreamFormat(List.of(Stage.H264));

    private final AtomicInteger hungUp = new AtomicInteger();

    /** Gathers packets as the way over TCP does. */
    private static final class Gathering implements Outlet {
        private final ByteBuffer packet = ByteBuffer.allocate(PACKET_BYTES_MAX);
        private volatile int sent;
        private volatile long pictureNs;
        private volatile long goodbyeNs;
        private boolean rtcp;
        private volatile int gathered;

        @Override
        public ByteBuffer begin(boolean isRtcp) {
            rtcp = isRtcp;
            return packet.clear();
        }

        @Override
        public void end() {
            gathered++;
            if (rtcp) {
                goodbyeNs = System.nanoTime();
            } else {
                pictureNs = System.nanoTime();
            }
        }

        @Override
        public void flush() {
            sent = gathered;
        }

        @Override
        public boolean heard() {
            return false;
        }

        @Override
        public String describe() {
            return "";
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    /** Pictures without end, or what else it is told to answer. */
    private static final class Endless implements Source {
        private volatile int answer = UNIT;
        private volatile Optional<Error> error = Optional.empty();
        private volatile boolean closed;
        private long picture;

        @Override
        public int next(Unit unit) {
            if (error.isPresent()) {
                throw error.get();
            }
            unit.room(10).putInt(6).put((byte) 0x65).put((byte) 0x88).putInt(0).flip();
            unit.key = true;
            unit.timestamp = picture++ * 3_600;
            unit.decodeTime = unit.timestamp;
            return answer;
        }

        @Override
        public StreamFormat format() {
            return FORMAT;
        }

        @Override
        public String end() {
            return "as told";
        }

        @Override
        public StreamId stream() {
            return Stage.MAIN;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private Player player(Source source, Outlet outlet) throws Exception {
        return player(source, outlet, false);
    }

    private Player player(Source source, Outlet outlet, boolean paced) throws Exception {
        OutTrack track = new OutTrack(96, 1, 1, Payloader.of(Stage.H264), outlet, Optional.empty());
        Timeline timeline = new Timeline(new int[] {90_000}, new long[] {0});
        return new Player(
                source,
                new Player.Manner(1, paced, true, 1),
                new OutTrack[] {track},
                timeline,
                1_000_000,
                hungUp::incrementAndGet);
    }

    /** GStreamer waits for ever when goodbye comes while it has the last picture still in hand. */
    @Test
    void footageThatIsPlayedAsItHappenedEndsWhenItsLastPictureWasSeen() throws Exception {
        Gathering outlet = new Gathering();
        Endless source = new Endless();
        Player player = player(source, outlet, true);
        player.start();
        Awaiting.until("pictures are sent", () -> outlet.pictureNs > 0);
        source.answer = Source.END;
        Awaiting.until("it is over", player::isOver);

        assertThat(outlet.goodbyeNs - outlet.pictureNs).isGreaterThanOrEqualTo(40_000_000);
        assertThat(outlet.sent).isEqualTo(outlet.gathered);
    }

    @Test
    void whatWasTakenIsSentBeforeItHasStopped() throws Exception {
        Gathering outlet = new Gathering();
        Endless source = new Endless();
        Player player = player(source, outlet);
        player.start();
        Awaiting.until("packets are gathered", () -> outlet.gathered > 100);

        assertThat(player.stop()).isTrue();
        assertThat(outlet.sent).isEqualTo(outlet.gathered);
        assertThat(source.closed).isTrue();
        assertThat(hungUp).hasValue(0);
    }

    @Test
    void whoSawTheEndOfFootageMayStayAndWhoDidNotIsHungUp() throws Exception {
        Endless ends = new Endless();
        ends.answer = Source.END;
        Player seen = player(ends, new Gathering());
        seen.start();
        Awaiting.until("it is over", seen::isOver);
        assertThat(seen.stop()).isTrue();
        assertThat(hungUp).hasValue(0);

        Endless fails = new Endless();
        fails.answer = Source.FAILED;
        Gathering outlet = new Gathering();
        Player cut = player(fails, outlet);
        cut.start();
        Awaiting.until("it is hung up", () -> hungUp.get() == 1);
        assertThat(outlet.gathered).as("no goodbye").isZero();
    }

    @Test
    void whateverStopsItIsTold() throws Exception {
        Endless source = new Endless();
        source.error = Optional.of(new OutOfMemoryError("of this test"));
        Player player = player(source, new Gathering());
        player.start();

        Awaiting.until("the client is hung up", () -> hungUp.get() == 1);
        assertThat(player.isOver()).isTrue();
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nxvms.media.kit.rtp.Depacketizer;
import org.nxvms.media.kit.rtp.RtpHeader;
import org.nxvms.media.kit.rtsp.RtspAuthenticator;
import org.nxvms.media.kit.rtsp.RtspHeaders;
import org.nxvms.media.kit.rtsp.RtspRequest;
import org.nxvms.media.kit.rtsp.RtspTransport;

/** What is sent to a camera while it plays: the same as any other request and report, and no garbage. */
class KeepAliveAllocTest {
    private static final String URL = "rtsp://camera/live/";
    private static final int TIMES = 5_000;
    private static final int ROUNDS = 4;
    /** So many where the just-in-time compiler takes its time, as on a busy machine: until then more is allocated. */
    private static final int ROUNDS_MAX = 40;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private long sent;
    private int rounds;

    @Test
    void aRepeatedRequestIsWrittenAsAnyOther() {
        List<String> usual = new ArrayList<>();
        List<String> again = new ArrayList<>();
        RtspRequests one = new RtspRequests(bytes -> usual.add(text(bytes)), Optional.empty());
        RtspRequests other = new RtspRequests(bytes -> again.add(text(bytes)), Optional.empty());
        for (int i = 0; i < 120; i++) {
            if (i == 50) {
                one.session("4711");
                other.session("4711");
            }
            String method = i < 100 ? "GET_PARAMETER" : "OPTIONS";
            int number = one.send(new RtspRequest(method, URL, RtspHeaders.EMPTY));
            assertThat(other.again(method, URL)).isEqualTo(number);
        }
        assertThat(again).isEqualTo(usual);
    }

    @Test
    void oneThatNeedsALoginHasIt() {
        RtspAuthenticator login = new RtspAuthenticator("admin", "s3cret");
        List<String> all = new ArrayList<>();
        RtspRequests requests = new RtspRequests(bytes -> all.add(text(bytes)), Optional.of(login));
        requests.again("OPTIONS", URL);
        login.challenged(RtspHeaders.of("WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\", qop=\"auth\""));
        requests.again("OPTIONS", URL);
        assertThat(all.get(0)).doesNotContain("Authorization");
        assertThat(all.get(1)).contains("Authorization: Digest", "nc=00000001");
    }

    @Test
    void aRepeatedRequestCostsNoGarbage() {
        RtspRequests requests = new RtspRequests(
                bytes -> sent += bytes.remaining(), Optional.of(new RtspAuthenticator("admin", "s3cret")));
        requests.session("4711");
        KeepAlive keepAlive = new KeepAlive(Optional.empty());
        assertThat(least(() -> {
                    if (keepAlive.isDue(Long.MAX_VALUE / 2)) {
                        requests.again(keepAlive.method(), URL);
                    }
                    requests.accepted();
                    requests.again("OPTIONS", URL);
                }))
                .isZero();
        assertThat(sent).isPositive();
    }

    @Test
    void aReportCostsNoGarbage() {
        IoLoop loop = new IoLoop("never started", Settings.DEFAULTS);
        TrackReceiver receiver = new TrackReceiver(loop, new Ignoring(), 96, 90_000, new SenderClock(90_000));
        InterleavedPath path = new InterleavedPath(bytes -> sent += bytes.remaining());
        assertThat(path.connect(0, RtspTransport.parse("RTP/AVP/TCP;unicast;interleaved=0-1"), receiver))
                .isEmpty();
        ByteBuffer packet = ByteBuffer.allocate(20).put(0, (byte) 0x80).put(1, (byte) 96);
        path.frame(packet, 0, 0, 20);
        assertThat(least(path::report)).isZero();
        assertThat(sent).isEqualTo((long) rounds * TIMES * 48);
    }

    private long least(Runnable step) {
        // What the just-in-time compiler allocates on this thread comes once.
        long least = Long.MAX_VALUE;
        for (rounds = 0; rounds < ROUNDS || least > 0 && rounds < ROUNDS_MAX; rounds++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < TIMES; i++) {
                step.run();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private static String text(ByteBuffer bytes) {
        byte[] all = new byte[bytes.remaining()];
        bytes.get(all);
        return new String(all, StandardCharsets.UTF_8);
    }

    private static final class Ignoring implements Depacketizer {
        @Override
        public void accept(ByteBuffer in, RtpHeader header, int lost) {
            // Only the report matters.
        }

        @Override
        public long dropped() {
            return 0;
        }

        @Override
        public void close() {}
    }
}

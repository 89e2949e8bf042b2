// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.kit;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.nxvms.media.kit.fmp4.DecodeTimes;
import org.nxvms.media.kit.fmp4.FragmentBuilder;
import org.nxvms.media.kit.rtp.AccessUnitSink;
import org.nxvms.media.kit.rtp.H264Depacketizer;
import org.nxvms.media.kit.rtp.RtpHeader;
import org.nxvms.media.kit.rtp.SequenceTracker;
import org.nxvms.media.kit.rtsp.RtspFramer;

/** From the interleaved frame to the fragment header nothing is allocated. */
class HotPathAllocTest {
    private static final int PICTURES_PER_ROUND = 30;

    /** What a ring does, without the ring. */
    private static final class Copying implements AccessUnitSink {
        private final ByteBuffer out = ByteBuffer.allocateDirect(1 << 20);
        private final FragmentBuilder fragment = new FragmentBuilder(1, 100);
        private final DecodeTimes times = new DecodeTimes(OptionalInt.of(2));
        private final ByteBuffer header = ByteBuffer.allocateDirect(8192);
        private int sequence;
        private long committed;
        private long offset;

        @Override
        public boolean begin(boolean knownKey) {
            out.clear();
            return true;
        }

        @Override
        public boolean append(ByteBuffer source, int offset, int length) {
            out.put(out.position(), source, offset, length);
            out.position(out.position() + length);
            return true;
        }

        @Override
        public boolean appendInt(int value) {
            out.putInt(value);
            return true;
        }

        @Override
        public boolean appendByte(int value) {
            out.put((byte) value);
            return true;
        }

        @Override
        public int position() {
            return out.position();
        }

        @Override
        public void putInt(int at, int value) {
            out.putInt(at, value);
        }

        @Override
        public void commit(long timestamp, boolean key, boolean afterLoss) {
            committed++;
            long pts = 1_000_000 + timestamp;
            long dts = times.next(pts);
            if (fragment.sampleCount() == 25 || sequence == 0) {
                if (sequence > 0) {
                    fragment.endAt(0, dts);
                    fragment.wallClock(pts * 100 / 9);
                    fragment.writeHeader(header.clear());
                }
                fragment.begin(++sequence);
            }
            fragment.add(0, dts, pts, position(), key);
        }

        @Override
        public void abort() {
            offset++;
        }

        @Override
        public void formatChanged() {
            offset++;
        }
    }

    @Test
    void aHundredThousandAccessUnitsFromSocketBufferToFragmentHeaderAllocateNothing() throws Exception {
        ByteBuffer shared = interleaved();
        Copying sink = new Copying();
        H264Depacketizer depacketizer = new H264Depacketizer(sink, TestClip.parameterSets(), false);
        RtpHeader header = new RtpHeader();
        SequenceTracker tracker = new SequenceTracker();
        RtspFramer framer = new RtspFramer();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int[] state = new int[2];

        rounds(700, shared, framer, header, tracker, depacketizer, state);
        long allocated = Long.MAX_VALUE;
        // Again where the just-in-time compiler takes its time, as on a busy machine.
        for (int time = 0; allocated >= 2048 && time < 10; time++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            rounds(3400, shared, framer, header, tracker, depacketizer, state);
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }

        assertThat(sink.committed).isGreaterThan(100_000);
        assertThat(allocated).as("bytes for 100 000 access units").isLessThan(2048);
    }

    @Test
    void theAnswersToAHundredThousandKeepAlivesAllocateNothing() throws Exception {
        RtspFramer framer = new RtspFramer();
        String answer = "RTSP/1.0 200 OK\r\nCSeq: 17\r\nServer: a camera\r\nSession: 4711;timeout=60\r\n\r\n";
        ByteBuffer in = ByteBuffer.allocateDirect(200)
                .put(answer.getBytes(StandardCharsets.US_ASCII))
                .flip();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        // More where the just-in-time compiler takes its time, as on a busy machine.
        for (int round = 0; round < 4 || least > 0 && round < 40; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 25_000; i++) {
                framer.expect(17);
                if (framer.next(in.rewind()) != RtspFramer.ACCEPTED) {
                    throw new AssertionError("not recognised");
                }
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).as("bytes for 25 000 answers").isZero();
    }

    private static void rounds(
            int count,
            ByteBuffer shared,
            RtspFramer framer,
            RtpHeader header,
            SequenceTracker tracker,
            H264Depacketizer depacketizer,
            int[] state)
            throws Exception {
        for (int round = 0; round < count; round++) {
            shared.rewind();
            while (framer.next(shared) == RtspFramer.FRAME) {
                int at = framer.payloadOffset();
                // Each round is later than the one before.
                shared.putShort(at + 2, (short) state[0]++);
                int inRound = shared.getInt(at + 4) % (PICTURES_PER_ROUND * 3600);
                shared.putInt(at + 4, state[1] * PICTURES_PER_ROUND * 3600 + inRound);
                if (header.parse(shared, at, framer.payloadLength())) {
                    depacketizer.accept(shared, header, tracker.accept(header.sequence()));
                }
            }
            state[1] = (state[1] + 1) % 10_000;
        }
    }

    private static ByteBuffer interleaved() {
        ByteBuffer shared = ByteBuffer.allocateDirect(256 << 10);
        List<TestClip.Picture> pictures = TestClip.pictures();
        for (int i = 0; i < PICTURES_PER_ROUND; i++) {
            List<byte[]> nals = pictures.get(i).nals();
            for (int n = 0; n < nals.size(); n++) {
                byte[] nal = nals.get(n);
                shared.put((byte) '$').put((byte) 0).putShort((short) (12 + nal.length));
                shared.put((byte) 0x80).put((byte) (96 | (n == nals.size() - 1 ? 0x80 : 0)));
                shared.putShort((short) 0).putInt(i * 3600).putInt(1).put(nal);
            }
        }
        return shared.flip();
    }
}

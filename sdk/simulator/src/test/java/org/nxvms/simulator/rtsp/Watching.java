// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.rtsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Predicate;
import org.nxvms.simulator.clip.TestClips;
import org.nxvms.simulator.clip.View;
import org.nxvms.simulator.clip.Viewer;

/** Receives the main stream and decodes it. */
final class Watching implements AutoCloseable {
    private static final int TICKS = 3_600;
    /** Pictures are made in some milliseconds; a machine may stand still for some seconds. */
    private static final int TICKS_MAX = 120 * 90_000;

    /** Forty seconds of the stream: what is well is seen within one or two. */
    private static final int PICTURES_MAX = 1_000;

    private static final int NAL_SPS = 7;
    private static final int FU_A = 28;
    private static final byte[] START_CODE = {0, 0, 0, 1};

    private final RtspClient client;
    private final Viewer viewer = new Viewer(TestClips.SPEC);
    private byte[] parameterSet = {};
    private RtspClient.Frame ahead;
    private int sequence;
    private int firstTimestamp;
    private int firstNumber = -1;
    /** As it was received. */
    byte[] annexB;

    Watching(Camera camera) throws IOException {
        client = RtspClient.of(camera, Camera.Role.MAIN);
        client.play(1);
        ahead = client.frame(0);
        sequence = ahead.sequence();
        firstTimestamp = ahead.timestamp();
    }

    /** The next picture; that it is what its time says, and no packet is missing, is looked at for each. */
    Viewer.Seen next() throws IOException {
        while (true) {
            int timestamp = ahead.timestamp();
            assertThat(timestamp - firstTimestamp).as("it is in time").isLessThan(TICKS_MAX);
            annexB = accessUnit();
            var seen = viewer.see(annexB);
            if (seen.isPresent()) {
                int loop = TestClips.SPEC.frameCount();
                int number = seen.get().number();
                // The decoder gives each picture as soon as it has it.
                firstNumber = firstNumber < 0 ? number : firstNumber;
                assertThat(Math.floorMod(number - firstNumber, loop))
                        .as("the frame strip goes with the time")
                        .isEqualTo((timestamp - firstTimestamp) / TICKS % loop);
                return seen.get();
            }
        }
    }

    private byte[] accessUnit() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int timestamp = ahead.timestamp();
        while (ahead.timestamp() == timestamp) {
            byte[] bytes = ahead.bytes();
            if (ahead.nalType() == FU_A) {
                if ((bytes[13] & 0x80) != 0) {
                    out.writeBytes(START_CODE);
                    out.write(bytes[12] & 0xe0 | bytes[13] & 0x1f);
                }
                out.write(bytes, 14, bytes.length - 14);
            } else {
                out.writeBytes(START_CODE);
                out.write(bytes, 12, bytes.length - 12);
                sameParameters(ahead);
            }
            ahead = client.frame(0);
            assertThat(ahead.sequence() - sequence & 0xffff).isEqualTo(1);
            sequence = ahead.sequence();
        }
        return out.toByteArray();
    }

    private void sameParameters(RtspClient.Frame frame) {
        if (frame.nalType() == NAL_SPS) {
            byte[] told = Arrays.copyOfRange(frame.bytes(), 12, frame.bytes().length);
            parameterSet = parameterSet.length == 0 ? told : parameterSet;
            assertThat(told).as("a recorder need not begin anew").isEqualTo(parameterSet);
        }
    }

    /** Goes on to a picture of one view and not of another. */
    Viewer.Seen until(View one, View other) throws IOException {
        return until("a picture of " + one + " and not of " + other, seen -> seen.isOf(one, other));
    }

    /** Goes on to a picture that is as it is waited for. */
    Viewer.Seen until(String what, Predicate<Viewer.Seen> state) throws IOException {
        for (int i = 0; i < PICTURES_MAX; i++) {
            Viewer.Seen seen = next();
            if (state.test(seen)) {
                return seen;
            }
        }
        throw new AssertionError("not within " + PICTURES_MAX + " pictures: " + what);
    }

    @Override
    public void close() throws IOException {
        client.close();
        viewer.close();
    }
}

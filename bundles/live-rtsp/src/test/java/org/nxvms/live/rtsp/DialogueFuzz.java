// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.rtsp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.nxvms.media.StreamHub;
import org.nxvms.media.kit.rtsp.RtspException;
import org.nxvms.media.kit.rtsp.RtspFramer;
import org.nxvms.media.kit.rtsp.RtspRequest;
import org.nxvms.media.kit.rtsp.RtspResponse;

/** A hostile client that has a key: whatever it says is answered, or ends its connection. */
class DialogueFuzz {
    private static final StreamHub HUB = hub();
    private static final Footage FOOTAGE = new Footage().segment(1);

    private static StreamHub hub() {
        StreamHub hub = Stage.hub();
        Stage.Camera camera = new Stage.Camera(hub, 1 << 20, 1_000);
        camera.startRun(0, Stage.H264, Stage.G711);
        camera.pictures(3);
        return hub;
    }

    @FuzzTest(maxDuration = "1m")
    void requests(byte[] data) throws Exception {
        People people = new People();
        people.anybody = true;
        Places places = new Places(1, 1);
        Rules rules = new Rules(true, false, new UdpOutlet.Ports(0, 0), 60, 1, places);
        Dialogue dialogue = new Dialogue(
                new Services(() -> HUB, () -> people, () -> people, () -> null, FOOTAGE::archive),
                rules,
                new Dialogue.Peer(InetAddress.getLoopbackAddress(), InetAddress.getLoopbackAddress(), true),
                new Wire(OutputStream.nullOutputStream()),
                () -> {});
        RtspFramer framer = new RtspFramer();
        ByteBuffer in = ByteBuffer.wrap(data);
        try {
            for (int kind = framer.next(in); kind != RtspFramer.NEED_MORE; kind = framer.next(in)) {
                if (kind == RtspFramer.MESSAGE && framer.message() instanceof RtspRequest request) {
                    RtspResponse answer = dialogue.answer(request);
                    if (answer.status() < 200 || answer.status() > 599) {
                        throw new IllegalStateException("an answer of " + answer.status());
                    }
                    answer.toBytes();
                }
            }
        } catch (RtspException expected) {
            // Ends the connection.
        }
        dialogue.end();
        if (places.taken() != 0 || dialogue.hasSession()) {
            throw new IllegalStateException("a place was not given back");
        }
    }
}

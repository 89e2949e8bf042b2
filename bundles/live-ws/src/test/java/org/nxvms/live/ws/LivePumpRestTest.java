// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.media.kit.live.PumpRest;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.test.kit.Awaiting;

/** The pump's own thread, which rests for an hour unless it is woken. */
class LivePumpRestTest {
    private static final int PICTURES = 50;

    private final StreamHub hub = Stage.hub();
    private final Services.Guard guard = new Services.Guard();
    private final CameraRegistry cameras = new Services.Registry().service();
    private final LivePump pump = new LivePump(
            new LivePump.Services(() -> hub, () -> guard, () -> cameras),
            new LivePump.Limits(10, 10, 8 << 20, 16 << 20, 5),
            () -> System.nanoTime() / 1_000_000,
            new PumpRest(TimeUnit.HOURS.toNanos(1)));

    @AfterEach
    void stop() {
        pump.close();
    }

    /** Counts pictures; the first message of bytes is what they are decoded with. */
    private static final class Socket implements Outlet {
        private final AtomicInteger messages = new AtomicInteger();
        private volatile boolean open = true;

        int pictures() {
            return messages.get() - 1;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public long pendingBytes() {
            return 0;
        }

        @Override
        public void say(ObjectNode message) {
            // Of pictures only.
        }

        @Override
        public void media(Media media) {
            messages.incrementAndGet();
        }

        @Override
        public void close(int code, String reason) {
            open = false;
        }
    }

    private Socket watch() {
        Socket socket = new Socket();
        assertThat(pump.reserve(Services.USER.id())).isTrue();
        pump.admit(new Viewer(StreamId.main(Stage.CAMERA), true, Services.USER.id(), Services.credentials(), socket));
        return socket;
    }

    @Test
    void eachPictureWakesIt() {
        Stage.Camera camera = new Stage.Camera(hub, StreamRole.MAIN, 10, 1_000);
        camera.startRun(Stage.H264);
        camera.picture();
        pump.start();
        Socket socket = watch();
        for (int sent = 1; sent <= PICTURES; sent++) {
            int seen = sent;
            Awaiting.until("picture " + sent, () -> socket.pictures() >= seen);
            camera.picture();
        }
    }

    @Test
    void whoComesWakesItAndAPumpThatEndsLeavesNoReader() {
        Stage.Camera camera = new Stage.Camera(hub, StreamRole.MAIN, 10, 1_000);
        camera.startRun(Stage.H264);
        camera.picture();
        pump.start();
        Socket one = watch();
        Awaiting.until("the first one has a picture", () -> one.pictures() >= 1);
        Socket two = watch();
        Awaiting.until("so has the second", () -> two.pictures() >= 1);
        // Which waits for its thread, but not for ever.
        pump.close();
        Awaiting.until("both are told", () -> !one.isOpen() && !two.isOpen());
        Awaiting.until("no reader is left, and with them no bell", () -> hub.statistics(StreamId.main(Stage.CAMERA))
                .orElseThrow()
                .readers()
                .isEmpty());
    }
}

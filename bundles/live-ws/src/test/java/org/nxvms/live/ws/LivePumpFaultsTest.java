// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamReader;
import org.nxvms.media.StreamRole;

/** What should not happen happens to one stream, or one viewer, and to nobody else. */
class LivePumpFaultsTest extends PumpScene {
    private boolean outOfOrder;

    private final Stage.Camera camera = new Stage.Camera(hub, StreamRole.MAIN, 10, 1_000);
    private final Stage.Socket other = new Stage.Socket();

    private void begin() {
        camera.startRun(Stage.H264);
        camera.pictures(1);
        watch(other, StreamRole.MAIN);
    }

    private void assertTheOtherGoesOn() {
        int had = other.pictures().size();
        camera.pictures(2);
        tick();
        assertThat(other.isOpen()).isTrue();
        assertThat(other.pictures()).hasSize(had + 2);
    }

    private Object stumbling(Object of, String method) {
        Class<?> type = of instanceof StreamHub ? StreamHub.class : StreamReader.class;
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, called, arguments) -> {
            if (outOfOrder && called.getName().equals(method)) {
                throw new IllegalStateException("out of order");
            }
            try {
                Object answer = called.invoke(of, arguments);
                boolean sub = answer instanceof StreamReader
                        && StreamId.sub(Stage.CAMERA).equals(arguments[0]);
                return sub ? stumbling(answer, "poll") : answer;
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    @Test
    void whoWatchesAStreamThatStumblesIsToldToComeAgainAndFindsItAnew() {
        seen = (StreamHub) stumbling(hub, "none");
        begin();
        Stage.Camera sick = new Stage.Camera(hub, StreamRole.SUB, 10, 1_000);
        sick.startRun(Stage.H264);
        sick.pictures(1);
        Stage.Socket socket = new Stage.Socket();
        watch(socket, StreamRole.SUB);
        assertThat(socket.pictures()).hasSize(1);

        outOfOrder = true;
        tick();
        assertThat(socket.closeCode).isEqualTo(CloseCode.TRY_AGAIN);
        assertTheOtherGoesOn();
        Stage.Socket tooSoon = new Stage.Socket();
        watch(tooSoon, StreamRole.SUB);
        assertThat(tooSoon.closeCode).isEqualTo(CloseCode.TRY_AGAIN);
        assertTheOtherGoesOn();

        outOfOrder = false;
        Stage.Socket again = new Stage.Socket();
        watch(again, StreamRole.SUB);
        assertThat(again.isOpen()).isTrue();
        assertThat(again.pictures()).hasSize(1);
    }

    @Test
    void aViewerWhoseSocketStumblesEndsAlone() {
        begin();
        Stage.Socket broken = new Stage.Socket() {
            @Override
            public void media(Media media) {
                throw new IllegalStateException("out of order");
            }
        };
        watch(broken, StreamRole.MAIN);
        assertThat(broken.closeCode).isEqualTo(CloseCode.TRY_AGAIN);
        assertTheOtherGoesOn();
    }

    @Test
    void aGuardThatStumblesOverOneViewerEndsThatOne() {
        begin();
        Stage.Socket asked = new Stage.Socket();
        watch(asked, StreamRole.MAIN);
        nowMs += LivePump.CHECK_MS - 100;
        Stage.Socket later = new Stage.Socket();
        watch(later, StreamRole.MAIN);
        guard.stumbles = true;
        pass(300);
        guard.stumbles = false;
        assertThat(asked.closeCode).isEqualTo(CloseCode.TRY_AGAIN);
        assertThat(later.isOpen()).as("who was not asked about").isTrue();
    }
}

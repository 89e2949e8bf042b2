// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.nxvms.media.StreamHub;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.rendition.Renditions;

/** A pump over the real stream hub, with neighbours that do what a story needs, and a clock of its own. */
abstract class PumpScene {
    final StreamHub hub = Stage.hub();
    /** The hub as the pump sees it; set before anybody watches. */
    StreamHub seen = hub;

    final Services.Guard guard = new Services.Guard();
    final Services.Registry registry = new Services.Registry();
    final CameraRegistry cameras = registry.service();
    boolean guardAway;
    Renditions renditions;
    long nowMs = 1_000_000;
    final LivePump pump = new LivePump(
            new LivePump.Services(() -> seen, () -> guardAway ? null : guard, () -> cameras, () -> renditions),
            new LivePump.Limits(10, 10, 8 << 20, 16 << 20, 5),
            () -> nowMs);

    @AfterEach
    void stop() {
        pump.close();
    }

    Viewer watch(Stage.Socket socket, StreamRole role) {
        return watch(socket, role, true);
    }

    Viewer watch(Stage.Socket socket, StreamRole role, boolean sound) {
        return watch(socket, new StreamId(Stage.CAMERA, role), sound);
    }

    Viewer watch(Stage.Socket socket, StreamId stream, boolean sound) {
        assertThat(pump.reserve(Services.USER.id())).isTrue();
        Viewer viewer = new Viewer(stream, sound, Services.USER.id(), Services.credentials(), socket);
        pump.admit(viewer);
        tick();
        return viewer;
    }

    void tick() {
        nowMs += 5;
        pump.tick();
    }

    void pass(long ms) {
        for (long end = nowMs + ms; nowMs < end; ) {
            nowMs += 100;
            pump.tick();
        }
    }

    static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }
}

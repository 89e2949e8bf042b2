// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.util.UUID;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.test.kit.Awaiting;

/** The stage as REST sees it: one camera that sends. */
public final class WhepScene implements AutoCloseable {
    public static final UUID CAMERA = Stage.CAMERA;

    private final Stage stage = new Stage();

    public WhepScene() {
        stage.new Camera(25, Stage.H264).pictures(3);
        Awaiting.until("ports are open", stage.live::isListening);
    }

    public static String offer() {
        return Player.offer(true, false);
    }

    public AccessGuard guard() {
        return stage.guard;
    }

    public LiveWebRtc live() {
        return stage.live;
    }

    public void closeToAll() {
        stage.guard.closed = true;
    }

    public CameraRegistry cameras() {
        return stage.cameras();
    }

    @Override
    public void close() {
        stage.close();
    }
}

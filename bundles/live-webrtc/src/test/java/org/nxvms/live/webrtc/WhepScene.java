// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc;

import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.RecordingSettings;
import org.nxvms.platform.api.security.AccessGuard;

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
        return (CameraRegistry) Proxy.newProxyInstance(
                WhepScene.class.getClassLoader(), new Class<?>[] {CameraRegistry.class}, (self, method, arguments) -> {
                    if (!method.getName().equals("find")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    return CAMERA.equals(arguments[0]) ? Optional.of(camera()) : Optional.empty();
                });
    }

    private static Camera camera() {
        return new Camera(
                CAMERA,
                1,
                new UUID(0, 1),
                "Door",
                "rtsp",
                URI.create("rtsp://192.0.2.1/"),
                Optional.empty(),
                Optional.empty(),
                false,
                true,
                Optional.empty(),
                Map.of(),
                RecordingSettings.DEFAULT,
                Instant.EPOCH,
                Instant.EPOCH);
    }

    @Override
    public void close() {
        stage.close();
    }
}

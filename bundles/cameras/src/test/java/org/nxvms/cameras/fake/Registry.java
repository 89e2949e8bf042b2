// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.fake;

import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.nxvms.cameras.CamerasBench;
import org.nxvms.cameras.setup.Setup;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraSetup;
import org.nxvms.platform.api.camera.DriverRollouts;
import org.nxvms.test.kit.BindingVault;

/** The whole registry with its own threads, bound to fakes as the service component runtime would. */
public final class Registry implements AutoCloseable {
    /** For a machine that stands still for seconds: who hangs says himself for how long. */
    private static final Setup.Limits PATIENT = new Setup.Limits(60_000, 50_000, 2_000);

    public final FakeIngest ingest = new FakeIngest();
    public final FakeRecorder recorder = new FakeRecorder();
    public final FakeStore store = new FakeStore();
    public final FakeDriver driver = new FakeDriver("rtsp");
    private final FakeIdentity identity = new FakeIdentity();
    private final CamerasBench bench;

    /** Who the tested server is. */
    private static final class FakeIdentity implements ServerIdentity {
        private final UUID id = UUID.randomUUID();

        @Override
        public UUID serverId() {
            return id;
        }

        @Override
        public String name() {
            return "test-server";
        }

        @Override
        public java.nio.file.Path dataFolder() {
            return java.nio.file.Path.of("target");
        }
    }

    public Registry() {
        this(PATIENT);
    }

    /** @param setupLimits how long it may take to add a camera */
    public Registry(Setup.Limits setupLimits) {
        bench = new CamerasBench(identity, setupLimits);
        bench.bind(driver, "1.2.3");
        bench.bind(new BindingVault());
        bench.bind(ingest);
        bench.bind(recorder);
        bench.bindVolumes("main", "second", "backup-1");
        bench.bind(store);
        bench.awaitLoaded(30, TimeUnit.SECONDS);
    }

    /** Another driver comes. */
    public void install(FakeDriver other) {
        install(other, "1.0.0");
    }

    public void install(FakeDriver other, String version) {
        bench.bind(other, version);
    }

    public CameraRegistry cameras() {
        return bench.cameras();
    }

    public CameraControl control() {
        return bench.control();
    }

    public CameraSetup setup() {
        return bench.setup();
    }

    public DriverRollouts rollouts() {
        return bench.rollouts();
    }

    public ServerIdentity server() {
        return identity;
    }

    /** The driver goes. */
    public void uninstall() {
        bench.unbind(driver);
    }

    public void storeGone() {
        bench.storeGone(store);
    }

    @Override
    public void close() {
        bench.close();
    }
}

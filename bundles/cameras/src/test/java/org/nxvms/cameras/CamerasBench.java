// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.nxvms.cameras.fake.NoNames;
import org.nxvms.cameras.setup.Setup;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.platform.api.archive.VolumeUsage;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraSetup;
import org.nxvms.platform.api.camera.CameraStore;
import org.nxvms.platform.api.camera.DriverRollouts;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.recording.Recorder;
import org.nxvms.platform.api.security.SecretVault;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;

/** Activates {@link Cameras} and binds services to it, in the place of the service component runtime. */
public final class CamerasBench implements AutoCloseable {
    private final Cameras cameras;
    private final AtomicLong services = new AtomicLong();
    private final Map<CameraDriver, ServiceReference<CameraDriver>> references = new IdentityHashMap<>();

    public CamerasBench(ServerIdentity identity, Setup.Limits setupLimits) {
        this.cameras = new Cameras(identity, NoNames.door(), new Settings(), setupLimits);
    }

    /** The defaults. */
    @SuppressWarnings("ClassExplicitlyAnnotation")
    private static final class Settings implements Cameras.Settings {
        @Override
        public int contactThreadsMax() {
            return 4;
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return Cameras.Settings.class;
        }
    }

    public CameraRegistry cameras() {
        return cameras;
    }

    public CameraControl control() {
        return new ControlService(cameras);
    }

    public CameraSetup setup() {
        return new SetupService(cameras);
    }

    public DriverRollouts rollouts() {
        return new RolloutService(cameras);
    }

    public void unbind(CameraDriver driver) {
        cameras.unbindDriver(driver, references.remove(driver));
    }

    public void bind(CameraDriver driver, String version) {
        Bundle bundle = (Bundle) Proxy.newProxyInstance(
                CamerasBench.class.getClassLoader(),
                new Class<?>[] {Bundle.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getVersion" -> Version.parseVersion(version);
                    case "getSymbolicName" -> "org.nxvms.driver.fake";
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        long id = services.incrementAndGet();
        @SuppressWarnings("unchecked")
        ServiceReference<CameraDriver> reference = (ServiceReference<CameraDriver>) Proxy.newProxyInstance(
                CamerasBench.class.getClassLoader(),
                new Class<?>[] {ServiceReference.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getBundle" -> bundle;
                    case "getProperty" -> Constants.SERVICE_ID.equals(arguments[0]) ? id : null;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        references.put(driver, reference);
        cameras.bindDriver(driver, reference);
    }

    /** An archive with volumes of these names; those that begin with {@code backup} are for copies. */
    public void bindVolumes(String... names) {
        List<VolumeUsage> volumes = Arrays.stream(names)
                .map(name -> new VolumeUsage(
                        new UUID(0, 1),
                        name,
                        "file",
                        "/" + name,
                        "ready",
                        "",
                        1,
                        1,
                        1,
                        1,
                        1,
                        FootageEncryption.NONE,
                        "",
                        name.startsWith("backup")))
                .toList();
        cameras.bindArchive((Archive) Proxy.newProxyInstance(
                CamerasBench.class.getClassLoader(), new Class<?>[] {Archive.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("volumes")) {
                        return volumes;
                    }
                    throw new UnsupportedOperationException(method.getName());
                }));
    }

    public void bind(SecretVault vault) {
        cameras.bindVault(vault);
    }

    public void bind(StreamIngest ingest) {
        cameras.bindIngest(
                ingest,
                Map.of(Constants.SERVICE_ID, services.incrementAndGet(), StreamIngest.PROPERTY_SCHEMES, new String[] {
                    "rtsp"
                }));
    }

    public void bind(Recorder recorder) {
        cameras.bindRecorder(recorder);
    }

    public void bind(CameraStore store) {
        cameras.bindStore(store);
    }

    public void storeGone(CameraStore store) {
        cameras.unbindStore(store);
    }

    /** Waits until the cameras are read. */
    public void awaitLoaded(int time, TimeUnit unit) {
        long end = System.nanoTime() + unit.toNanos(time);
        while (true) {
            try {
                cameras.list();
                return;
            } catch (StoreException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public void close() {
        cameras.deactivate();
    }
}

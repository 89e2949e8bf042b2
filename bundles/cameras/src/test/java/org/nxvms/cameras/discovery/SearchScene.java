// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.discovery;

import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.Optional;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.DeviceDiscovery;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;

/** The search for devices, with drivers bound as the service component runtime would. */
public final class SearchScene {
    private final Discovery discovery;
    private long services;

    public SearchScene(int lateMs, CameraRegistry registry) {
        discovery = new Discovery(lateMs);
        discovery.bindRegistry(registry);
    }

    public DeviceDiscovery discovery() {
        return discovery;
    }

    public void install(String id, DeviceSearch search) {
        FakeDriver driver = new FakeDriver(id);
        driver.search = Optional.of(search);
        discovery.bindDriver(driver, reference(++services));
    }

    public static FoundDevice device(String address, String name) {
        return new FoundDevice(URI.create(address), name, new DeviceIdentity("Acme", "X1", "", "", ""));
    }

    @SuppressWarnings("unchecked")
    private static ServiceReference<CameraDriver> reference(long id) {
        Bundle bundle = (Bundle) Proxy.newProxyInstance(
                SearchScene.class.getClassLoader(),
                new Class<?>[] {Bundle.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getVersion" -> Version.parseVersion("1.0.0");
                    case "getSymbolicName" -> "bundle";
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        return (ServiceReference<CameraDriver>) Proxy.newProxyInstance(
                SearchScene.class.getClassLoader(),
                new Class<?>[] {ServiceReference.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getBundle" -> bundle;
                    case "getProperty" -> Constants.SERVICE_ID.equals(arguments[0]) ? id : null;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    public void close() {
        discovery.close();
    }
}

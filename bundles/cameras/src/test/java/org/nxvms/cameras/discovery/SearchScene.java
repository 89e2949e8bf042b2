// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.discovery;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceSearch;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.SearchFindings;
import org.nxvms.driver.spi.SearchScope;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.network.AddressRule;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.Version;

/** The search for devices, with drivers bound as the service component runtime would. */
public final class SearchScene {
    private final Discovery discovery;
    private long services;

    /** Settings as an administrator has them. */
    record Set(String[] interfaces, int packetsPerSecond, boolean followMoved) implements Discovery.Settings {
        static final Set NONE = new Set(new String[0], 100, true);

        static Set interfaces(String... names) {
            return new Set(names, 50, true);
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return Discovery.Settings.class;
        }
    }

    public SearchScene(int lateMs, CameraRegistry registry) {
        this(lateMs, registry, AddressRule.DEVICES);
    }

    SearchScene(int lateMs, CameraRegistry registry, AddressRule rule) {
        discovery = new Discovery(() -> rule, Set.NONE, lateMs);
        discovery.bindRegistry(registry);
    }

    void configure(Set settings) {
        discovery.modified(settings);
    }

    public Discovery discovery() {
        return discovery;
    }

    /** A search that knows scopes. */
    @FunctionalInterface
    public interface Scoped {
        void search(SearchScope scope, SearchFindings findings) throws DriverException, InterruptedException;
    }

    public void installScoped(String id, Scoped search) {
        installScoped(id, DeviceSearch.Knowledge.STANDARD, search);
    }

    public void installScoped(String id, DeviceSearch.Knowledge knowledge, Scoped search) {
        install(id, knowledge, false, search);
    }

    /** A search that knows devices again. */
    void installRecognizing(String id, Scoped search) {
        install(id, DeviceSearch.Knowledge.STANDARD, true, search);
    }

    private void install(String id, DeviceSearch.Knowledge knowledge, boolean recognizes, Scoped search) {
        install(id, new DeviceSearch() {
            @Override
            public Knowledge knowledge() {
                return knowledge;
            }

            @Override
            public boolean recognizes() {
                return recognizes;
            }

            @Override
            public void search(int timeMs, Consumer<FoundDevice> found) {
                throw new AssertionError("asked as if it knew no scopes");
            }

            @Override
            public void search(SearchScope scope, SearchFindings findings)
                    throws DriverException, InterruptedException {
                search.search(scope, findings);
            }
        });
    }

    public void install(String id, DeviceSearch search) {
        FakeDriver driver = new FakeDriver(id);
        driver.search = Optional.of(search);
        discovery.bindDriver(driver, reference(++services));
    }

    public static FoundDevice deviceWithMac(String address, String mac) {
        return new FoundDevice(URI.create(address), "", new DeviceIdentity("", "", "", "", mac));
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

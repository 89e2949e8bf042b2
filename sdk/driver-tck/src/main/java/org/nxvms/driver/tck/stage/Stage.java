// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.stage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.felix.framework.Felix;
import org.apache.felix.scr.info.ScrInfo;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.PushEndpoints;
import org.nxvms.media.StreamRole;
import org.nxvms.plugin.kit.PackageOffers;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.util.function.Function;
import org.osgi.util.promise.Promise;

/**
 * A server in small: its framework, what activates components in it, and the contracts, which are the kit's own classes. A
 * driver's jar can be brought any number of times; each copy has a class loader of its own.
 */
public final class Stage implements AutoCloseable, PackageOffers {
    private static final long STOP_MS = 10_000;
    /** Offered by the server's logging; a driver may have been built with either. */
    private static final List<String> SLF4J_VERSIONS = List.of("1.7.36", "2.0.6");
    /** Whose jars are bundles of the server. */
    private static final List<Class<?>> PARTS =
            List.of(ServiceComponentRuntime.class, Promise.class, Function.class, ScrInfo.class);

    private final Path folder;
    private final Felix framework;
    private final AtomicInteger copies = new AtomicInteger();
    private final Optional<PushDoor> door;

    public Stage() throws IOException, BundleException {
        this(Optional.of(new PushDoor()));
    }

    /** One where devices cannot deliver by themselves, as while that part of a server is being exchanged. */
    public static Stage withoutPush() throws IOException, BundleException {
        return new Stage(Optional.empty());
    }

    private Stage(Optional<PushDoor> door) throws IOException, BundleException {
        this.door = door;
        folder = Files.createTempDirectory("nxvms-tck");
        List<String> offered = new ArrayList<>();
        offered.add(exported(CameraDriver.class));
        offered.add(exported(StreamRole.class));
        for (String version : SLF4J_VERSIONS) {
            for (String part : List.of("", ".event", ".helpers", ".spi")) {
                offered.add("org.slf4j" + part + ";version=\"" + version + "\"");
            }
        }
        Map<String, Object> settings = new HashMap<>();
        settings.put(Constants.FRAMEWORK_STORAGE, folder.resolve("cache").toString());
        settings.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, String.join(",", offered));
        settings.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
        settings.put("ds.loglevel", "1");
        settings.put("felix.log.level", "1");
        framework = new Felix(settings);
        framework.init();
        framework.start();
        List<Bundle> parts = new ArrayList<>();
        for (Class<?> part : PARTS) {
            try (InputStream in = source(part).openStream()) {
                parts.add(context().installBundle("tck-part:" + part.getName(), in));
            }
        }
        for (Bundle part : parts) {
            part.start();
        }
        door.ifPresent(its -> context().registerService(PushEndpoints.class, its, null));
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /** {@return the jar a class is from} */
    private static URL source(Class<?> type) throws IOException {
        URL here = type.getResource("/" + type.getName().replace('.', '/') + ".class");
        if (here != null && here.openConnection() instanceof JarURLConnection jar) {
            return jar.getJarFileURL();
        }
        throw new IOException(type.getName() + " is in no jar; build the SDK's jars first (mvn package).");
    }

    /** {@return a contract's package with its version, as its jar says} */
    private static String exported(Class<?> contract) throws IOException {
        try (JarFile jar = new JarFile(
                Path.of(java.net.URI.create(source(contract).toString())).toFile())) {
            Manifest manifest = jar.getManifest();
            String exports = manifest.getMainAttributes().getValue(Constants.EXPORT_PACKAGE);
            for (org.apache.felix.utils.manifest.Clause clause :
                    org.apache.felix.utils.manifest.Parser.parseHeader(exports)) {
                if (clause.getName().equals(contract.getPackageName())) {
                    return clause.getName() + ";version=\"" + clause.getAttribute(Constants.VERSION_ATTRIBUTE) + "\"";
                }
            }
        }
        throw new IOException("the jar of " + contract.getName() + " does not export its package");
    }

    /** Brings a copy of a driver's jar; it is not started. */
    public Brought bring(byte[] jar) throws BundleException {
        Bundle bundle =
                context().installBundle("tck-driver:" + copies.incrementAndGet(), new ByteArrayInputStream(jar));
        return new Brought(
                context(), bundle, its -> door.map(open -> open.open(its)).orElse(List.of()));
    }

    @Override
    public List<Offer> of(String name) {
        List<Offer> offers = new ArrayList<>();
        for (Bundle bundle : context().getBundles()) {
            for (BundleCapability capability :
                    bundle.adapt(BundleRevision.class).getDeclaredCapabilities(PackageNamespace.PACKAGE_NAMESPACE)) {
                if (name.equals(capability.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE))) {
                    offers.add(new Offer(
                            (Version) capability.getAttributes().get(Constants.VERSION_ATTRIBUTE),
                            bundle.getBundleId() == 0));
                }
            }
        }
        return offers;
    }

    @Override
    public void close() {
        door.ifPresent(PushDoor::close);
        try {
            framework.stop();
            framework.waitForStop(STOP_MS);
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path one : all.sorted(Comparator.reverseOrder()).collect(Collectors.toList())) {
                    Files.deleteIfExists(one);
                }
            }
        } catch (BundleException | IOException notClean) {
            throw new IllegalStateException(
                    "the framework of the kit does not end: " + notClean.getMessage(), notClean);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.runtime;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.nxvms.platform.api.console.ConsoleExtensions;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginRefusedException.Kind;
import org.nxvms.platform.api.plugin.PluginVersion;
import org.nxvms.plugin.kit.PackageOffers;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bundles of plugins, each at a location that names its content: {@code nxvms-plugin:NAME/VERSION/SHA256}. Karaf's
 * features do not know them. They are started for this run only, so that the framework itself never starts one while it
 * boots: a plugin that blocks holds nobody up. What is a plugin's own code runs in a thread of its own, with a limit.
 */
public final class PluginBundles implements PackageOffers {
    private static final Logger LOG = LoggerFactory.getLogger(PluginBundles.class);
    private static final String SCHEME = "nxvms-plugin:";

    private final BundleContext context;
    private final Predicate<Bundle> taken;
    private final Function<Bundle, Optional<String>> unshown;

    /**
     * @param taken whether those who use the services of a bundle have taken them
     * @param unshown why what a running bundle brings for the console is not shown; empty when it is, or brings nothing
     */
    public PluginBundles(BundleContext context, Predicate<Bundle> taken, Function<Bundle, Optional<String>> unshown) {
        this.context = context;
        this.taken = taken;
        this.unshown = unshown;
    }

    public static String location(String name, PluginVersion version) {
        return SCHEME + name + "/" + version.version() + "/" + version.sha256();
    }

    static boolean isPlugin(Bundle bundle) {
        return bundle.getLocation().startsWith(SCHEME);
    }

    static boolean isVersionOf(Bundle bundle, String plugin) {
        return bundle.getLocation().startsWith(SCHEME + plugin + "/");
    }

    public List<Bundle> all() {
        return Arrays.stream(context.getBundles())
                .filter(PluginBundles::isPlugin)
                .toList();
    }

    /** {@return all versions of a plugin that are in the framework} */
    public List<Bundle> versionsOf(String symbolicName) {
        return all().stream()
                .filter(bundle -> isVersionOf(bundle, symbolicName))
                .toList();
    }

    public Optional<Bundle> at(String location) {
        return Optional.ofNullable(context.getBundle(location));
    }

    /**
     * A bundle that is no plugin.
     *
     * @param isNeeded whether others depend on it
     */
    public record Stranger(String location, boolean isNeeded) {
        private static Stranger of(Bundle bundle) {
            BundleWiring wiring = bundle.adapt(BundleWiring.class);
            List<BundleWire> wires = wiring == null ? null : wiring.getProvidedWires(null);
            return new Stranger(bundle.getLocation(), wires != null && !wires.isEmpty());
        }
    }

    /** {@return where a bundle of this name came from that is no plugin: a feature, or somebody by hand} */
    public Optional<Stranger> strangerNamed(String symbolicName) {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> !isPlugin(bundle) && symbolicName.equals(bundle.getSymbolicName()))
                .map(Stranger::of)
                .findFirst();
    }

    /** {@return how all bundles are but those of this plugin} */
    public Wirings wirings(String exceptPlugin) {
        return Wirings.now(context, exceptPlugin);
    }

    @Override
    public List<Offer> of(String packageName) {
        List<Offer> offers = new ArrayList<>();
        for (Bundle bundle : context.getBundles()) {
            BundleWiring wiring = bundle.adapt(BundleWiring.class);
            if (wiring == null) {
                continue;
            }
            for (BundleCapability export : wiring.getCapabilities(PackageNamespace.PACKAGE_NAMESPACE)) {
                if (packageName.equals(export.getAttributes().get(PackageNamespace.PACKAGE_NAMESPACE))) {
                    Object version = export.getAttributes().get(Constants.VERSION_ATTRIBUTE);
                    offers.add(new Offer(
                            version instanceof Version known ? known : Version.emptyVersion,
                            bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID));
                }
            }
        }
        return offers;
    }

    /** Installs a bundle, whose manifest the framework must read as we did. It is not resolved yet. */
    public Bundle install(String name, PluginVersion version, InputStream jar) throws PluginRefusedException {
        Bundle bundle;
        try {
            bundle = context.installBundle(location(name, version), jar);
        } catch (BundleException refused) {
            throw new PluginRefusedException(
                    Kind.START, "file", "The framework does not take the file (" + reason(refused) + ").");
        }
        try {
            FrameworkView.check(bundle, name, version.version());
            return bundle;
        } catch (PluginRefusedException refused) {
            uninstall(bundle);
            throw refused;
        }
    }

    /** {@return what a bundle offers now: contracts, and ids of drivers} */
    public Set<String> offers(Bundle bundle) {
        return ServiceWatch.offers(bundle);
    }

    /**
     * Starts a bundle and waits until its services are there and taken.
     *
     * @param atLeast what it has to offer, see {@link #offers}; empty: any service of a contract
     * @param limitMs of its start, and of its services from then on: a machine that starts it slowly leaves them no less
     */
    public void start(Bundle bundle, Set<String> atLeast, IntSupplier limitMs)
            throws PluginRefusedException, InterruptedException {
        int startMs = limitMs.getAsInt();
        FutureTask<Void> start = inThread("start", bundle, () -> {
            bundle.start(Bundle.START_TRANSIENT);
            return null;
        });
        try (ServiceWatch services = new ServiceWatch(context, bundle)) {
            start.get(startMs, TimeUnit.MILLISECONDS);
            int servicesMs = limitMs.getAsInt();
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(servicesMs);
            if (!services.await(
                    it -> ServiceWatch.offersEnough(it) && offers(it).containsAll(atLeast), deadline)) {
                throw refused(
                        !ServiceWatch.offersEnough(bundle)
                                ? "It runs, but offers no service of the server's contracts within "
                                        + seconds(servicesMs)
                                        + ". Does it register its CameraDriver (bnd: @Component)? serviceSeconds in"
                                        + " etc/org.nxvms.plugins.cfg is the limit. One without code of its own brings"
                                        + " something for the console, by the header " + ConsoleExtensions.HEADER + "."
                                : "It offers " + offers(bundle) + ", and not all that the version before offers, "
                                        + atLeast
                                        + ": what uses that would be without it. Install it as a plugin of its own.");
            }
            if (!services.isSeenByAll()) {
                throw refused("Its contracts are other classes than the server's, so nobody would see its services. Do"
                        + " not embed contracts; import them.");
            }
            if (!services.await(taken, deadline)) {
                throw refused("The server does not take its driver: info() fails, or its id is none of 1..40 lower-case"
                        + " letters, digits and hyphens. The log says which.");
            }
            Optional<String> why = unshown.apply(bundle);
            if (why.isPresent()) {
                throw refused("What it brings for the console is not shown. " + why.get());
            }
        } catch (TimeoutException blocked) {
            start.cancel(true);
            throw refused(
                    "It does not come back from its start within " + seconds(startMs)
                            + ". Starting must do no I/O; see the log. serviceSeconds in etc/org.nxvms.plugins.cfg is the limit.");
        } catch (ExecutionException failed) {
            LOG.info("Plugin {} {} does not start", bundle.getSymbolicName(), bundle.getVersion(), failed.getCause());
            throw refused("It does not start (" + reason(failed.getCause()) + ").");
        }
    }

    /**
     * Takes a bundle out of the framework.
     *
     * @return false when it does not come back from its stop in time; it goes when it does, at the next start at the latest
     */
    public boolean takeOut(Bundle bundle, long limitMs) throws InterruptedException {
        FutureTask<Void> stop = inThread("stop", bundle, () -> {
            uninstall(bundle);
            return null;
        });
        try {
            stop.get(limitMs, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException blocked) {
            LOG.warn("Plugin {} does not come back from its stop within {} ms", bundle, limitMs);
            return false;
        } catch (ExecutionException failed) {
            LOG.warn("Plugin {} cannot be taken out", bundle, failed.getCause());
            return bundle.getState() == Bundle.UNINSTALLED;
        }
    }

    private static void uninstall(Bundle bundle) {
        try {
            bundle.uninstall();
        } catch (IllegalStateException gone) {
            LOG.debug("{} is gone already", bundle, gone);
        } catch (BundleException stopFailed) {
            // The framework has taken it out all the same.
            LOG.info("Plugin {} failed while it was stopped", bundle, stopFailed);
        }
    }

    private static FutureTask<Void> inThread(String what, Bundle bundle, Callable<Void> work) {
        FutureTask<Void> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "nxvms-ctl-plugin-" + what + "-" + bundle.getBundleId());
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static PluginRefusedException refused(String why) {
        return new PluginRefusedException(Kind.START, "service", why);
    }

    private static String seconds(long ms) {
        return ms % 1000 == 0 ? ms / 1000 + " s" : ms + " ms";
    }

    /** {@return the innermost cause that says something, in one line} */
    private static String reason(Throwable failed) {
        Throwable cause = failed;
        for (int depth = 0;
                depth < 10 && cause.getCause() != null && cause.getCause().getMessage() != null;
                depth++) {
            cause = cause.getCause();
        }
        String text = String.valueOf(cause.getMessage() == null ? cause : cause.getMessage())
                .replaceAll("\\s+", " ");
        return text.length() > 300 ? text.substring(0, 300) + "…" : text;
    }
}

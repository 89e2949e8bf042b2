// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.trail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.karaf.features.DeploymentEvent;
import org.apache.karaf.features.DeploymentListener;
import org.apache.karaf.features.Feature;
import org.apache.karaf.features.FeatureEvent;
import org.apache.karaf.features.FeaturesListener;
import org.apache.karaf.features.FeaturesService;
import org.apache.karaf.features.RepositoryEvent;
import org.nxvms.platform.api.audit.AuditNote;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes in the audit which features and bundles came, changed or went, by whatever way; plugins excepted, whose installer
 * notes them. Begins when the boot is over: what the server consists of nobody installs. On the threads of who does it.
 */
final class InstallationTrail implements SynchronousBundleListener, FeaturesListener, DeploymentListener {
    private static final Logger LOG = LoggerFactory.getLogger(InstallationTrail.class);
    /** As the installer of plugins calls its bundles. */
    private static final String PLUGIN = "nxvms-plugin:";

    private static final String VERSION = "version";

    /** What happened to a bundle. */
    private record Change(String action, String name, String was, String is, String location) {}

    private final ShellTrail shell;
    private final BooleanSupplier booted;
    private final Map<Long, String> versions = new ConcurrentHashMap<>();
    /** What a deployment of features did to bundles so far. */
    private final List<Change> deployed = new ArrayList<>();

    private Thread deploying;

    /** @param booted whether everything is there that the server consists of */
    InstallationTrail(ShellTrail shell, BooleanSupplier booted) {
        this.shell = shell;
        this.booted = booted;
    }

    void begin(BundleContext context, FeaturesService features) {
        for (Bundle bundle : context.getBundles()) {
            versions.put(bundle.getBundleId(), bundle.getVersion().toString());
        }
        context.addBundleListener(this);
        features.registerListener((DeploymentListener) this);
        features.registerListener((FeaturesListener) this);
    }

    void end(BundleContext context, FeaturesService features) {
        features.unregisterListener((FeaturesListener) this);
        features.unregisterListener((DeploymentListener) this);
        context.removeBundleListener(this);
        noteDeployed();
    }

    @Override
    public void bundleChanged(BundleEvent event) {
        String action =
                switch (event.getType()) {
                    case BundleEvent.INSTALLED -> "bundle.installed";
                    case BundleEvent.UPDATED -> "bundle.updated";
                    case BundleEvent.UNINSTALLED -> "bundle.uninstalled";
                    default -> "";
                };
        Bundle bundle = event.getBundle();
        if (action.isEmpty() || bundle.getLocation().startsWith(PLUGIN)) {
            return;
        }
        boolean gone = event.getType() == BundleEvent.UNINSTALLED;
        String version = bundle.getVersion().toString();
        String known = gone ? versions.remove(bundle.getBundleId()) : versions.put(bundle.getBundleId(), version);
        String location = ShownText.of(bundle.getLocation());
        Change change = new Change(
                action,
                bundle.getSymbolicName() == null ? location : bundle.getSymbolicName(),
                known == null ? "" : known,
                gone ? "" : version,
                location);
        synchronized (deployed) {
            if (Thread.currentThread() == deploying) {
                deployed.add(change);
                return;
            }
        }
        note(change);
    }

    private void note(Change change) {
        Map<String, String> before = change.was().isEmpty() ? Map.of() : Map.of(VERSION, change.was());
        Map<String, String> after = new TreeMap<>(Map.of("location", change.location()));
        if (!change.is().isEmpty()) {
            after.put(VERSION, change.is());
        }
        note(change.action(), "bundle/" + change.name(), before, after);
    }

    @Override
    public void deploymentEvent(DeploymentEvent event) {
        switch (event) {
            case DEPLOYMENT_STARTED -> {
                noteDeployed();
                synchronized (deployed) {
                    deploying = Thread.currentThread();
                }
            }
            // What is brought up after it may fail, and then there is no further event.
            case BUNDLES_INSTALLED, DEPLOYMENT_FINISHED -> noteDeployed();
            default -> {
                // Nothing was installed in between.
            }
        }
    }

    /** Tells what a deployment did so far, and takes what comes on its thread after it for single acts. */
    void noteDeployed() {
        List<Change> all;
        synchronized (deployed) {
            all = List.copyOf(deployed);
            deployed.clear();
            deploying = null;
        }
        Map<String, List<Change>> byAction =
                all.stream().collect(Collectors.groupingBy(Change::action, TreeMap::new, Collectors.toList()));
        byAction.forEach((action, changes) -> {
            if (changes.size() == 1) {
                note(changes.get(0));
                return;
            }
            String names = changes.stream()
                    .map(change -> change.name() + " " + (change.is().isEmpty() ? change.was() : change.is()))
                    .collect(Collectors.joining(", "));
            note(action, "bundles", Map.of(), Map.of("bundles", names, "count", Integer.toString(changes.size())));
        });
    }

    @Override
    public void featureEvent(FeatureEvent event) {
        if (event.isReplay()) {
            return;
        }
        Feature feature = event.getFeature();
        boolean gone = event.getType() == FeatureEvent.EventType.FeatureUninstalled;
        Map<String, String> version = Map.of(VERSION, feature.getVersion());
        Map<String, String> after = new TreeMap<>(gone ? Map.of() : version);
        if (feature.getRepositoryUrl() != null) {
            after.put("repository", ShownText.of(feature.getRepositoryUrl()));
        }
        note(
                gone ? "feature.uninstalled" : "feature.installed",
                "feature/" + feature.getName(),
                gone ? version : Map.of(),
                after);
    }

    @Override
    public void repositoryEvent(RepositoryEvent event) {
        if (event.isReplay()) {
            return;
        }
        boolean gone = event.getType() == RepositoryEvent.EventType.RepositoryRemoved;
        String name = event.getRepository().getName();
        note(
                gone ? "feature.repository_removed" : "feature.repository_added",
                "repository/" + (name == null ? "" : name),
                Map.of(),
                Map.of(
                        "location",
                        ShownText.of(String.valueOf(event.getRepository().getURI()))));
    }

    private void note(String action, String subject, Map<String, String> before, Map<String, String> after) {
        if (!booted.getAsBoolean()) {
            return;
        }
        try {
            Map<String, String> fields = new TreeMap<>(after);
            shell.note(new AuditNote(action, true, who(fields), subject, before, fields));
        } catch (RuntimeException fault) {
            // Thrown on, it would break off the deployment.
            LOG.error("Not in the audit: {} {}", action, subject, fault);
        }
    }

    /** @param fields takes the names when it can be one of several */
    private AuditNote.Actor who(Map<String, String> fields) {
        if (Hands.isFolder()) {
            return Hands.DEPLOY_FOLDER;
        }
        List<AuditNote.Actor> busy = shell.busy();
        if (busy.size() == 1) {
            return busy.get(0);
        }
        if (!busy.isEmpty()) {
            fields.put(
                    "oneOf", busy.stream().map(AuditNote.Actor::name).sorted().collect(Collectors.joining(", ")));
            return Hands.SOMEBODY;
        }
        return Hands.isFolderWaiting() ? Hands.DEPLOY_FOLDER : Hands.SYSTEM;
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health.support;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.recording.Recorder;
import org.nxvms.platform.api.security.UserDirectory;
import org.nxvms.platform.api.support.SupportBundles;
import org.nxvms.platform.api.support.SupportBusyException;
import org.nxvms.platform.api.support.SupportPart;
import org.nxvms.rest.kit.json.Json;
import org.nxvms.rest.kit.problem.Absent;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Collects a support bundle, file by file, each when its turn comes, on the thread of who asks. Each file is made from a list of what
 * may be told; a part whose service is away is told to be missing. One at a time.
 */
@Component(service = SupportBundles.class)
public final class SupportBundle implements SupportBundles {
    private final BundleContext context;
    private final PartsNow health;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final List<SupportPart> parts = new CopyOnWriteArrayList<>();
    private final List<StreamIngest> ingests = new CopyOnWriteArrayList<>();

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile ServerIdentity identity;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile ConfigurationAdmin settings;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile CameraRegistry cameras;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile UserDirectory users;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile Recorder recorder;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile Archive archive;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile EventLog events;

    @Activate
    public SupportBundle(BundleContext context, @Reference PartsNow health) {
        this.context = context;
        this.health = health;
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC, policyOption = GREEDY)
    void bindPart(SupportPart part) {
        parts.add(part);
    }

    void unbindPart(SupportPart part) {
        parts.remove(part);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC, policyOption = GREEDY)
    void bindIngest(StreamIngest ingest) {
        ingests.add(ingest);
    }

    void unbindIngest(StreamIngest ingest) {
        ingests.remove(ingest);
    }

    /** In the place of the service component runtime. */
    void services(ServerIdentity identityNow, ConfigurationAdmin settingsNow, UserDirectory usersNow) {
        identity = identityNow;
        settings = settingsNow;
        users = usersNow;
    }

    /** In the place of the service component runtime. */
    void media(CameraRegistry camerasNow, Recorder recorderNow, Archive archiveNow, EventLog eventsNow) {
        cameras = camerasNow;
        recorder = recorderNow;
        archive = archiveNow;
        events = eventsNow;
    }

    @Override
    public Written write(OutputStream out, Consumer<String> progress) throws IOException {
        if (!busy.compareAndSet(false, true)) {
            throw new SupportBusyException();
        }
        try {
            return new BundleZip(System::nanoTime).write(out, files(), Instant.now(), progress);
        } finally {
            busy.set(false);
        }
    }

    private List<BundleFile> files() {
        Sieve sieve = new Sieve(new KnownNames(GivenNames.of(cameras, users, identity, archive, settings)));
        ServerFacts server = new ServerFacts(sieve);
        List<BundleFile> files = new ArrayList<>();
        files.add(new BundleFile("server.json", "version, id, Java, system, load, which variables are set", out -> {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("version", context.getBundle().getVersion().toString());
            facts.put(
                    "serverId",
                    identity == null ? "unknown" : identity.serverId().toString());
            facts.putAll(MachineFacts.machine());
            json(out, facts);
        }));
        files.add(new BundleFile(
                "health.json",
                "each part of the server: how it is, and its figures",
                out -> json(out, ServerFacts.sieved(health.now(), sieve))));
        files.add(new BundleFile(
                "bundles.json",
                "each bundle of the container: version and state",
                out -> lines(out, ContainerFacts.bundles(context))));
        files.add(new BundleFile(
                "settings.json",
                "settings of each part: numbers, switches and choices; of texts only whether they are set",
                out -> json(
                        out, ContainerFacts.settings(context, Absent.require(settings, "The service of settings")))));
        files.add(new BundleFile(
                "cameras.json",
                "each camera by its id: driver, state, and of each stream format, rates, losses",
                out -> lines(out, server.cameras(Absent.require(cameras, "The camera registry"), ingests, recorder))));
        files.add(new BundleFile(
                "volumes.json",
                "each volume by its id: state, room, footage",
                out -> lines(out, server.volumes(Absent.require(archive, "The archive")))));
        files.add(new BundleFile(
                "events.json",
                "what was critical or a warning in the last days, newest first",
                out -> lines(out, server.events(Absent.require(events, "The event log")))));
        for (SupportPart part : parts) {
            if (part.name().matches("[a-z][a-z-]{0,40}")) {
                files.add(new BundleFile(
                        part.name() + ".json",
                        part.about(),
                        out -> json(out, ServerFacts.sieved(part.facts(), sieve))));
            }
        }
        files.add(new BundleFile(
                "memory.json", "memory, buffers, garbage collections", out -> json(out, MachineFacts.memory())));
        files.add(
                new BundleFile("threads.txt", "each thread and where it is", out -> MachineFacts.threads(out, sieve)));
        files.add(new BundleFile("nxvms.log", "the newest lines of the log, sieved", out -> new LogLines(
                        Path.of(String.valueOf(context.getProperty("karaf.log"))), sieve)
                .write(out)));
        return files;
    }

    private static void json(OutputStream out, Map<String, ?> facts) throws IOException {
        out.write(Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(facts));
    }

    /** An array, each entry on a line of its own. */
    private static void lines(OutputStream out, List<? extends Map<String, ?>> all) throws IOException {
        String before = "[\n";
        for (Map<String, ?> one : all) {
            out.write(before.getBytes(StandardCharsets.UTF_8));
            out.write(Json.mapper().writeValueAsBytes(one));
            before = ",\n";
        }
        out.write((all.isEmpty() ? "[]\n" : "\n]\n").getBytes(StandardCharsets.UTF_8));
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.nxvms.media.StreamHub;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.archive.Statements;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.DriverRollouts;
import org.nxvms.platform.api.console.ConsoleExtensions;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.plugin.Plugin;
import org.nxvms.platform.api.plugin.PluginAdmin;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginSource;
import org.nxvms.platform.api.plugin.PluginTrial;
import org.nxvms.platform.api.plugin.PluginVersion;
import org.nxvms.platform.api.plugin.SwapReceipt;
import org.nxvms.platform.api.plugin.SwapReceipt.Operation;
import org.nxvms.platform.api.plugin.TrustedCertificate;
import org.nxvms.platform.api.recording.Recorder;
import org.nxvms.plugins.file.PluginFile;
import org.nxvms.plugins.runtime.FrameCounts;
import org.nxvms.plugins.runtime.FrameCounts.Sample;
import org.nxvms.plugins.runtime.PluginBundles;
import org.nxvms.plugins.store.Entry;
import org.nxvms.plugins.store.Inventory;
import org.nxvms.plugins.store.ReceiptBook;
import org.nxvms.plugins.store.Staging;
import org.nxvms.plugins.store.TrustStore;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The installer: what an operation asks for, its receipt and its event. What is done to bundles is {@link Swap}. */
@Component(
        immediate = true,
        service = {PluginAdmin.class, PluginInstaller.class},
        configurationPid = "org.nxvms.plugins")
@Designate(ocd = PluginLimits.class)
public final class PluginInstaller implements PluginAdmin, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PluginInstaller.class);
    /** While a server boots, everything takes longer. */
    private static final int BOOT_PATIENCE = 4;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile StreamHub hub;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile Recorder recorder;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile Statements statements;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile EventPublisher publisher;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile CameraRegistry cameras;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile DriverRollouts rollouts;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile ConsoleExtensions console;

    private final PluginBundles bundles;
    private final Inventory inventory;
    private final Staging staging;
    private final TrustStore trust;
    private final ReceiptBook book;
    private final Intake intake;
    private final PluginStates states;
    private final PluginEvents events;
    private final Receipts receipts;
    private final EntryRules rules;
    private final Operations operations;
    private final Trials trials;
    private final BootReconciliation boot;
    private final ReentrantLock operation = new ReentrantLock();
    private volatile Settings settings;
    private volatile boolean stopping;
    private volatile Optional<Thread> booting = Optional.empty();
    private volatile Optional<String> trouble = Optional.empty();
    private volatile Optional<String> notReady =
            Optional.of("Plugins are being brought up after the server's start. Try again in a moment");

    /** See {@link PluginLimits}. */
    public record Settings(long fileBytesMax, int serviceMs, int frameWindowMs) {}

    @Activate
    public PluginInstaller(BundleContext context, @Reference ServerIdentity server, PluginLimits limits) {
        this(context, server.dataFolder(), server.serverId(), settings(limits));
    }

    /** Plugins come up behind the back of who starts us. */
    @Activate
    void start() {
        Thread thread = new Thread(this::reconcile, "nxvms-ctl-plugin-boot");
        thread.setDaemon(true);
        thread.start();
        booting = Optional.of(thread);
    }

    /** Does nothing by itself; see {@link #reconcile}. */
    public PluginInstaller(BundleContext context, Path dataFolder, UUID serverId, Settings settings) {
        this.settings = settings;
        Path folder = dataFolder.resolve("plugins");
        this.bundles = new PluginBundles(context, bundle -> DriverIntake.taken(bundle, cameras), this::unshown);
        this.inventory = new Inventory(folder);
        this.staging = new Staging(folder, () -> this.settings.fileBytesMax());
        this.trust = new TrustStore(folder);
        this.book = new ReceiptBook(folder);
        this.intake = new Intake(staging, trust, new PluginFile(staging, bundles));
        this.states = new PluginStates(bundles);
        this.events = new PluginEvents(serverId, () -> publisher);
        this.receipts = new Receipts(
                book,
                new FrameCounts(() -> hub, () -> recorder),
                () -> statements,
                () -> this.settings.frameWindowMs());
        this.rules = new EntryRules(inventory, states, trust);
        Swap swap = new Swap(bundles, inventory, staging, states, () -> this.settings.serviceMs(), () -> stopping);
        this.operations = new Operations(operation, inventory, swap, states, receipts, events);
        this.trials = new Trials(swap, inventory, states, operations, () -> rollouts, () -> cameras);
        this.boot = new BootReconciliation(
                bundles,
                inventory,
                staging,
                states,
                events,
                () -> BOOT_PATIENCE * this.settings.serviceMs(),
                operation);
    }

    /** Known as soon as it runs: who shows extensions looks on the thread that starts it. */
    private Optional<String> unshown(Bundle bundle) {
        ConsoleExtensions shown = console;
        return shown == null
                ? Optional.empty()
                : shown.refusal(bundle.getSymbolicName(), bundle.getVersion().toString());
    }

    private static Settings settings(PluginLimits limits) {
        return new Settings(
                (long) limits.fileMebibytesMax() << 20, limits.serviceSeconds() * 1000, limits.frameWindowMs());
    }

    @Modified
    void configure(PluginLimits limits) {
        apply(settings(limits));
    }

    void apply(Settings now) {
        settings = now;
    }

    /** Ends what is being counted; plugins go on without us. */
    @Deactivate
    @Override
    public void close() {
        stopping = true;
        booting.ifPresent(Thread::interrupt);
        boolean idle = false;
        try {
            // Whoever comes after us must not find an operation half done; its limits bound this.
            idle = operation.tryLock(2L * settings.serviceMs(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        } finally {
            trials.close();
            receipts.close();
            if (idle) {
                operation.unlock();
            }
        }
    }

    /** Makes the framework what the inventory says; operations are refused until then. */
    public void reconcile() {
        operation.lock();
        try {
            boot.run();
            notReady = Optional.empty();
            receipts.interrupted().forEach(events::over);
        } catch (IOException | RuntimeException unreadable) {
            if (notReady.isEmpty()) {
                LOG.warn("Receipts of before cannot be closed", unreadable);
                return;
            }
            trouble = Optional.of("Plugins are left as they are, since " + unreadable.getMessage()
                    + ". Put plugins/ of the data folder back from a backup and restart, or delete its inventory.json and"
                    + " install the plugins anew");
            notReady = trouble;
            LOG.error("{}", trouble.get(), unreadable);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        } finally {
            operation.unlock();
        }
    }

    /** {@return why nothing can be done to plugins until somebody has looked after it} */
    Optional<String> trouble() {
        return trouble;
    }

    @Override
    public List<Plugin> plugins() {
        List<Plugin> all = new ArrayList<>();
        inventory.entries().forEach((name, entry) -> all.add(states.of(name, entry)));
        return all;
    }

    @Override
    public Optional<Plugin> find(String name) {
        return inventory.find(name).map(entry -> states.of(name, entry));
    }

    @Override
    public SwapReceipt install(PluginSource source, boolean allowUnsigned, String by)
            throws PluginRefusedException, IOException {
        return arrives(
                new ReceiptDraft(Operation.INSTALL, "", by),
                source,
                allowUnsigned,
                (name, version) -> operations.to(name, Optional.of(rules.installed(name, version))));
    }

    @Override
    public SwapReceipt update(String name, PluginSource source, boolean allowUnsigned, String by)
            throws PluginRefusedException, IOException {
        rules.entry(name);
        return arrives(
                new ReceiptDraft(Operation.UPDATE, name, by),
                source,
                allowUnsigned,
                (found, version) -> operations.to(name, Optional.of(rules.updated(name, found, version))));
    }

    @Override
    public SwapReceipt tryOut(String name, PluginSource source, boolean allowUnsigned, PluginTrial trial, String by)
            throws PluginRefusedException, IOException {
        rules.entry(name);
        return arrives(new ReceiptDraft(Operation.UPDATE, name, by), source, allowUnsigned, (found, version) -> {
            rules.updated(name, found, version);
            return trials.plan(name, rules.entry(name), version, trial);
        });
    }

    @Override
    public SwapReceipt rollback(String name, String by) throws PluginRefusedException, IOException {
        return perform(Operation.ROLLBACK, name, by, () -> rules.rolledBack(name));
    }

    @Override
    public SwapReceipt disable(String name, String by) throws PluginRefusedException, IOException {
        return perform(Operation.DISABLE, name, by, () -> rules.disabled(name));
    }

    @Override
    public SwapReceipt enable(String name, String by) throws PluginRefusedException, IOException {
        return perform(Operation.ENABLE, name, by, () -> rules.enabled(name));
    }

    @Override
    public SwapReceipt remove(String name, String by) throws PluginRefusedException, IOException {
        return perform(Operation.REMOVE, name, by, () -> rules.removed(name));
    }

    /** What is to be done with a plugin whose file has come. */
    private interface Arrival {
        Operations.Plan plan(String name, PluginVersion version) throws PluginRefusedException;
    }

    /** What the inventory is to say of a plugin. */
    private interface Target {
        Optional<Entry> entry() throws PluginRefusedException, IOException;
    }

    private SwapReceipt perform(Operation operation, String name, String by, Target target)
            throws PluginRefusedException, IOException {
        requireReady();
        return operations.perform(
                new ReceiptDraft(operation, name, by), operations.count(), () -> operations.to(name, target.entry()));
    }

    private SwapReceipt arrives(ReceiptDraft draft, PluginSource source, boolean allowUnsigned, Arrival arrival)
            throws PluginRefusedException, IOException {
        requireReady();
        Sample first = operations.count();
        try (Intake.Arrived arrived = intake.take(source, allowUnsigned, draft.by)) {
            draft.names(arrived.name);
            return operations.perform(draft, first, () -> {
                requireReady();
                Operations.Plan plan = arrival.plan(arrived.name, arrived.version);
                arrived.keep();
                return plan;
            });
        } catch (PluginRefusedException refused) {
            if (!draft.hasEnded()) {
                // Refused before anything was begun; that has a receipt too, which names the file when nothing else
                // does.
                String file = draft.plugin().isEmpty() ? source.from() + ": " : "";
                operations.refused(draft, file + refused.getMessage());
            }
            throw refused;
        }
    }

    private void requireReady() {
        if (stopping) {
            throw new IllegalStateException("The installer stops. Try again when it is back");
        }
        notReady.ifPresent(why -> {
            throw new IllegalStateException(why);
        });
    }

    @Override
    public List<TrustedCertificate> trusted() throws IOException {
        return trust.all();
    }

    @Override
    public TrustedCertificate trust(String pem, String by) throws IOException {
        TrustedCertificate added = trust.add(pem);
        events.trusted(added, by);
        return added;
    }

    @Override
    public boolean distrust(String sha256, String by) throws IOException {
        boolean removed = trust.remove(sha256);
        if (removed) {
            events.distrusted(sha256, by);
        }
        return removed;
    }

    @Override
    public List<SwapReceipt> receipts(int limit, Optional<UUID> before) throws IOException {
        return book.newest(limit, before);
    }

    @Override
    public Optional<SwapReceipt> receipt(UUID id) throws IOException {
        return book.find(id);
    }
}

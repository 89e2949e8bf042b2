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
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.plugin.Plugin;
import org.nxvms.platform.api.plugin.PluginAdmin;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginSource;
import org.nxvms.platform.api.plugin.PluginVersion;
import org.nxvms.platform.api.plugin.SwapReceipt;
import org.nxvms.platform.api.plugin.SwapReceipt.Operation;
import org.nxvms.platform.api.plugin.SwapReceipt.Outcome;
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

    private static final long TURN_MS_MAX = 2_000;

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
    private final Swap swap;
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
        this.bundles = new PluginBundles(context, bundle -> DriverIntake.taken(bundle, cameras));
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
        this.swap = new Swap(bundles, inventory, staging, states, () -> this.settings.serviceMs(), () -> stopping);
        this.boot = new BootReconciliation(
                bundles,
                inventory,
                staging,
                states,
                events,
                () -> BOOT_PATIENCE * this.settings.serviceMs(),
                operation);
    }

    private static Settings settings(PluginLimits limits) {
        return new Settings(
                (long) limits.fileMebibytesMax() << 20, limits.serviceSeconds() * 1000, limits.frameWindowMs());
    }

    @Modified
    void configure(PluginLimits limits) {
        settings = settings(limits);
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
        return arrives(new ReceiptDraft(Operation.INSTALL, "", by), source, allowUnsigned, rules::installed);
    }

    @Override
    public SwapReceipt update(String name, PluginSource source, boolean allowUnsigned, String by)
            throws PluginRefusedException, IOException {
        rules.entry(name);
        return arrives(
                new ReceiptDraft(Operation.UPDATE, name, by),
                source,
                allowUnsigned,
                (found, version) -> rules.updated(name, found, version));
    }

    @Override
    public SwapReceipt rollback(String name, String by) throws PluginRefusedException, IOException {
        return perform(new ReceiptDraft(Operation.ROLLBACK, name, by), receipts.count(), () -> rules.rolledBack(name));
    }

    @Override
    public SwapReceipt disable(String name, String by) throws PluginRefusedException, IOException {
        return perform(new ReceiptDraft(Operation.DISABLE, name, by), receipts.count(), () -> rules.disabled(name));
    }

    @Override
    public SwapReceipt enable(String name, String by) throws PluginRefusedException, IOException {
        return perform(new ReceiptDraft(Operation.ENABLE, name, by), receipts.count(), () -> rules.enabled(name));
    }

    @Override
    public SwapReceipt remove(String name, String by) throws PluginRefusedException, IOException {
        return perform(new ReceiptDraft(Operation.REMOVE, name, by), receipts.count(), () -> rules.removed(name));
    }

    /** What the inventory is to say of a plugin whose file has come. */
    private interface Arrival {
        Entry entry(String name, PluginVersion version) throws PluginRefusedException;
    }

    /** What the inventory is to say of a plugin. */
    private interface Target {
        Optional<Entry> entry() throws PluginRefusedException, IOException;
    }

    private SwapReceipt arrives(ReceiptDraft draft, PluginSource source, boolean allowUnsigned, Arrival arrival)
            throws PluginRefusedException, IOException {
        requireReady();
        Sample first = receipts.count();
        try (Intake.Arrived arrived = intake.take(source, allowUnsigned, draft.by)) {
            draft.names(arrived.name);
            return perform(draft, first, () -> {
                Entry entry = arrival.entry(arrived.name, arrived.version);
                arrived.keep();
                return Optional.of(entry);
            });
        } catch (PluginRefusedException refused) {
            if (!draft.hasEnded()) {
                // Refused before anything was begun; that has a receipt too.
                draft.ends(Outcome.REFUSED, refused.getMessage());
                events.over(receipts.refused(draft));
            }
            throw refused;
        }
    }

    /** A step of another one, such as bringing a plugin up, is waited for. */
    private void requireTurn() {
        boolean got = false;
        try {
            got = operation.tryLock(TURN_MS_MAX, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        if (!got) {
            throw new IllegalStateException("Another operation on plugins is running. Try again in some seconds");
        }
    }

    private SwapReceipt perform(ReceiptDraft draft, Sample first, Target target)
            throws PluginRefusedException, IOException {
        requireReady();
        requireTurn();
        try {
            Optional<Entry> after = target.entry();
            Optional<Entry> before = inventory.find(draft.plugin());
            draft.concerns(serving(before), serving(after));
            Sample begin = receipts.begin(draft, first);
            try {
                draft.ends(Outcome.DONE, swap.to(draft.plugin(), after, draft));
            } catch (PluginRefusedException | IOException | RuntimeException refused) {
                String why = String.valueOf(refused.getMessage());
                draft.ends(Outcome.REFUSED, why);
                if (after.equals(before)) {
                    // It was to run before, too.
                    states.failed(draft.plugin(), why);
                }
                throw refused;
            } finally {
                if (draft.hasEnded()) {
                    events.over(receipts.end(draft, first, begin));
                }
            }
            return draft.receipt();
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The server stops. What was begun is settled at its next start");
        } finally {
            try {
                swap.tidy();
            } finally {
                operation.unlock();
            }
        }
    }

    private static Optional<PluginVersion> serving(Optional<Entry> entry) {
        return entry.filter(Entry::enabled).map(Entry::current);
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
        LOG.warn("{} trusts plugins signed by {}, certificate {}", by, added.subject(), added.sha256());
        return added;
    }

    @Override
    public boolean distrust(String sha256, String by) throws IOException {
        boolean removed = trust.remove(sha256);
        if (removed) {
            LOG.warn("{} does not trust the certificate {} any more", by, sha256);
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

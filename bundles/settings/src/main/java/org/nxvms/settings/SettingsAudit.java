// SPDX-License-Identifier: Apache-2.0
package org.nxvms.settings;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.audit.SettingsAuthors;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes in the audit what is changed in files of settings, by an editor, the shell or the server itself, also between two runs.
 * Who did it a file does not say; the shell does. Looks when the folder has been quiet for a moment, on a thread of its own.
 */
@Component(
        service = {},
        immediate = true)
public final class SettingsAudit {
    private static final Logger LOG = LoggerFactory.getLogger(SettingsAudit.class);
    private static final String SEEN = "settings-seen.properties";
    private static final String ACTION = "config.changed";
    private static final AuditNote.Actor FILE = new AuditNote.Actor(Optional.empty(), "file", Optional.empty(), "file");
    /** Of parts of this server; other files come and go with the container. */
    private static final String OURS = "org.nxvms.";

    private static final String HIDDEN = "***";
    private static final int NOTES_MAX = 40;
    /** An editor empties a file, fills it and moves it within that time. */
    private static final long QUIET_MS = 1_000;
    /** However busy the folder is. */
    private static final int WAITS_MAX = 10;

    private static final long STOP_TIMEOUT_MS = 3_000;

    /** Who knows whose hands it were. */
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile SettingsAuthors authors;

    private final AuditTrail audit;
    private final SettingsFiles files;
    private final Path memory;
    private final Thread thread = new Thread(this::run, "nxvms-ctl-settings-audit");
    private SeenSettings seen;
    private volatile WatchService watch;
    private volatile boolean closed;

    @Activate
    public SettingsAudit(@Reference AuditTrail audit, @Reference ServerIdentity server, BundleContext context) {
        this(
                audit,
                new SettingsFiles(Path.of(context.getProperty("karaf.etc")), new KnownSettings(context)::of),
                server.dataFolder().resolve(SEEN));
        begin();
    }

    /** @param memory what was seen last */
    SettingsAudit(AuditTrail audit, SettingsFiles files, Path memory) {
        this.audit = audit;
        this.files = files;
        this.memory = memory;
        thread.setDaemon(true);
    }

    /** In the place of the component runtime. */
    void authors(SettingsAuthors known) {
        authors = known;
    }

    void begin() {
        thread.start();
    }

    @Deactivate
    void close() {
        closed = true;
        WatchService open = watch;
        try {
            if (open != null) {
                open.close();
            }
            thread.join(STOP_TIMEOUT_MS);
        } catch (IOException broken) {
            LOG.debug("The watch over settings does not close", broken);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (WatchService watching = files.folder().getFileSystem().newWatchService()) {
            watch = watching;
            if (closed) {
                return;
            }
            // Before the first look, so that nothing is missed between the two.
            files.folder().register(watching, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
            look("at the start");
            while (!closed) {
                quiet(watching);
                look("");
            }
        } catch (ClosedWatchServiceException stop) {
            LOG.debug("The watch over settings has ended");
        } catch (IOException | RuntimeException fault) {
            LOG.warn("Changes of files in {} are not noted in the audit until the next start", files.folder(), fault);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private static void quiet(WatchService watching) throws InterruptedException {
        WatchKey key = watching.take();
        for (int i = 0; key != null && i < WAITS_MAX; i++) {
            key.pollEvents();
            key.reset();
            key = watching.poll(QUIET_MS, TimeUnit.MILLISECONDS);
        }
        if (key != null) {
            key.reset();
        }
    }

    /**
     * Notes what is other than it was.
     *
     * @param when in the note, if it says something
     */
    synchronized void look(String when) throws IOException, InterruptedException {
        if (seen == null) {
            seen = SeenSettings.read(memory);
        }
        Map<String, Map<String, String>> now = files.read(seen.byPid(), seen.salt());
        if (seen.known() && now.equals(seen.byPid())) {
            return;
        }
        boolean stored = true;
        if (seen.known()) {
            note(seen.byPid(), now, when);
            // What the database does not have yet is found again by the next start.
            stored = audit.flush();
        }
        seen = seen.now(now);
        if (stored) {
            seen.write(memory);
        }
    }

    private void note(Map<String, Map<String, String>> was, Map<String, Map<String, String>> now, String when) {
        Set<String> pids = new TreeSet<>(was.keySet());
        pids.addAll(now.keySet());
        int notes = 0;
        for (String pid : pids) {
            Map<String, String> before = new TreeMap<>();
            Map<String, String> after = new TreeMap<>();
            if (differ(was.get(pid), now.get(pid), before, after) && (was.containsKey(pid) || pid.startsWith(OURS))) {
                if (!now.containsKey(pid)) {
                    after.put("file", "removed");
                }
                if (!when.isEmpty()) {
                    after.put("seen", when);
                }
                notes++;
                if (notes <= NOTES_MAX) {
                    // What was changed while the server was down nobody knows.
                    AuditNote.Actor who = when.isEmpty() ? author(pid) : FILE;
                    audit.note(new AuditNote(ACTION, true, who, "settings/" + pid, before, after));
                }
            }
        }
        if (notes > NOTES_MAX) {
            audit.note(new AuditNote(
                    ACTION, true, FILE, "settings", Map.of(), Map.of("more", (notes - NOTES_MAX) + " files")));
        }
    }

    private AuditNote.Actor author(String pid) {
        SettingsAuthors known = authors;
        return known == null ? FILE : known.take(pid).orElse(FILE);
    }

    /** {@return whether a file was changed}; takes the keys that were into {@code before} and {@code after}. */
    private static boolean differ(
            Map<String, String> was, Map<String, String> is, Map<String, String> before, Map<String, String> after) {
        Map<String, String> old = was == null ? Map.of() : was;
        Map<String, String> fresh = is == null ? Map.of() : is;
        Set<String> keys = new TreeSet<>(old.keySet());
        keys.addAll(fresh.keySet());
        for (String key : keys) {
            String one = old.getOrDefault(key, "");
            String other = fresh.getOrDefault(key, "");
            boolean sealed = one.startsWith(SettingsFiles.PLAIN) && other.startsWith(SettingsFiles.SEALED);
            if (!sealed && (!one.equals(other) || old.containsKey(key) != fresh.containsKey(key))) {
                put(before, key, old.get(key));
                put(after, key, fresh.get(key));
            }
        }
        return !before.isEmpty() || !after.isEmpty() || was == null || is == null;
    }

    private static void put(Map<String, String> into, String key, String value) {
        if (value != null) {
            boolean secret = value.startsWith(SettingsFiles.PLAIN) || value.startsWith(SettingsFiles.SEALED);
            into.put(key, secret ? HIDDEN : value);
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.trail;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import javax.security.auth.Subject;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.CommandSessionListener;
import org.apache.karaf.features.BootFinished;
import org.apache.karaf.features.FeaturesService;
import org.apache.karaf.shell.api.console.CommandLoggingFilter;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.audit.SettingsAuthors;
import org.nxvms.shell.login.ShellActor;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.cm.SynchronousConfigurationListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notes in the audit who typed which command that changes the container: before it is done, since it may take away the audit
 * itself, and once more when it fails; and what came of it, or of something else ({@link InstallationTrail}). Called on the
 * threads of shells.
 */
@Component(
        service = {CommandSessionListener.class, SynchronousConfigurationListener.class, SettingsAuthors.class},
        immediate = true)
public final class ShellTrail implements CommandSessionListener, SynchronousConfigurationListener, SettingsAuthors {
    private static final Logger LOG = LoggerFactory.getLogger(ShellTrail.class);
    private static final String ACTION = "shell.command";
    private static final String COMMAND = "command";
    private static final String NOT_SHOWN = "***";
    /** Scripts that run scripts; what is outside of them is forgotten first. */
    private static final int NESTED_MAX = 32;

    private record Line(CharSequence typed, AuditNote.Actor who, String subject, Map<String, String> shown) {}

    private final InitScripts scripts;
    private final LateNotes notes = new LateNotes();
    private final List<CommandLoggingFilter> filters = new CopyOnWriteArrayList<>();
    /** Sensitive lines that are being done, the innermost first. */
    private final Map<CommandSession, Deque<Line>> running = new WeakHashMap<>();

    private final InstallationTrail installations = new InstallationTrail(this, () -> this.booted != null);
    private final SettingsHands settings;
    private final Runnable withdrawal;

    /** There when everything is that the server consists of. */
    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile BootFinished booted;

    @Activate
    public ShellTrail(@Reference FeaturesService features, BundleContext context) {
        this.scripts = InitScripts.in(context.getProperty("karaf.etc"));
        this.settings = new SettingsHands(new SettingsFiles(context)::of, System::nanoTime);
        this.withdrawal = () -> installations.end(context, features);
        installations.begin(context, features);
    }

    /** For tests: without a container. */
    ShellTrail(InitScripts scripts, SettingsHands settings) {
        this.scripts = scripts;
        this.settings = settings;
        this.withdrawal = () -> {};
    }

    @Deactivate
    void close() {
        withdrawal.run();
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY, unbind = "withoutAudit")
    void withAudit(AuditTrail trail) {
        notes.with(trail);
    }

    void withoutAudit(AuditTrail trail) {
        notes.without(trail);
    }

    /** What commands of others say of their own secrets. */
    @Reference(cardinality = MULTIPLE, policy = DYNAMIC, unbind = "withoutFilter")
    void withFilter(CommandLoggingFilter filter) {
        filters.add(filter);
    }

    void withoutFilter(CommandLoggingFilter filter) {
        filters.remove(filter);
    }

    @Override
    public void beforeExecute(CommandSession session, CharSequence command) {
        try {
            List<String> sensitive = SensitiveCommands.in(command);
            if (!sensitive.isEmpty() && !scripts.isOne(command)) {
                begin(session, command, String.join(", ", sensitive));
            }
        } catch (RuntimeException fault) {
            // Whoever types is not held up by what only looks on.
            LOG.error("A command of the shell is not in the audit", fault);
        }
    }

    private void begin(CommandSession session, CharSequence command, String subject) {
        Object who = session.get(Subject.class.getName());
        Map<String, String> shown = new TreeMap<>(Map.of(COMMAND, shown(command)));
        ShellActor.peer(who).ifPresent(peer -> shown.put("peer", peer));
        Line line = new Line(command, ShellActor.of(who), subject, shown);
        synchronized (running) {
            Deque<Line> lines = running.computeIfAbsent(session, fresh -> new ArrayDeque<>());
            if (lines.size() == NESTED_MAX) {
                lines.removeLast();
            }
            lines.push(line);
        }
        note(new AuditNote(ACTION, true, line.who(), subject, Map.of(), shown));
    }

    private String shown(CharSequence command) {
        CharSequence text = command;
        try {
            for (CommandLoggingFilter filter : filters) {
                text = filter.filter(text);
            }
        } catch (RuntimeException fault) {
            LOG.warn("What a command says of its secrets cannot be followed; nothing of it is shown", fault);
            return NOT_SHOWN;
        }
        return ShownText.of(text);
    }

    @Override
    public void afterExecute(CommandSession session, CharSequence command, Exception exception) {
        // A deployment that fails half-way does not say so; who typed it is still known now.
        installations.noteDeployed();
        Line line = end(session, command);
        if (line != null) {
            Map<String, String> failed = new TreeMap<>(line.shown());
            failed.put("failed", ShownText.of(String.valueOf(exception.getMessage())));
            note(new AuditNote(ACTION, false, line.who(), line.subject(), Map.of(), failed));
        }
    }

    @Override
    public void afterExecute(CommandSession session, CharSequence command, Object result) {
        end(session, command);
    }

    /** {@return the line; null of one that is not sensitive} */
    private Line end(CommandSession session, CharSequence command) {
        synchronized (running) {
            Deque<Line> lines = running.get(session);
            Line line = lines == null ? null : lines.peek();
            if (line == null || line.typed() != command) {
                return null;
            }
            lines.pop();
            if (lines.isEmpty()) {
                running.remove(session);
            }
            return line;
        }
    }

    /** {@return who has typed something sensitive that is being done now} */
    List<AuditNote.Actor> busy() {
        return busy(line -> true);
    }

    private List<AuditNote.Actor> busy(Predicate<Line> which) {
        synchronized (running) {
            return running.values().stream()
                    .flatMap(Collection::stream)
                    .filter(which)
                    .map(Line::who)
                    .distinct()
                    .toList();
        }
    }

    @Override
    public void configurationEvent(ConfigurationEvent event) {
        settings.changed(event, busy(line -> SensitiveCommands.isOfSettings(line.subject())));
    }

    @Override
    public Optional<AuditNote.Actor> take(String file) {
        return settings.take(file);
    }

    /** Notes something, also later when the audit is being exchanged. */
    void note(AuditNote note) {
        notes.note(note);
    }
}

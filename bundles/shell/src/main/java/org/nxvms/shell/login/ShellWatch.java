// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.login;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.security.auth.Subject;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.CommandSessionListener;
import org.apache.karaf.shell.api.console.Session;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.UserDirectory;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a shell whose user may not have one any more: removed, disabled, or without one of the rights that a shell needs; and
 * one that was opened before all sessions of its user were ended, by another password for example. Looked at every two seconds
 * while somebody has one. Who came in by the machine's key stays.
 */
@Component(service = CommandSessionListener.class)
public final class ShellWatch implements CommandSessionListener {
    private static final Logger LOG = LoggerFactory.getLogger(ShellWatch.class);
    private static final long LOOK_MS = 2_000;
    private static final String RIGHT_WITHDRAWN = "right_withdrawn";
    /** Under what Karaf's session lies in that of the commands. */
    private static final String KARAF_SESSION = ".session";

    private final long lookMs;
    /** Also of shells that have ended, until they are collected. */
    private final Map<CommandSession, ShellUser> open = new WeakHashMap<>();

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
        Thread made = new Thread(task, "nxvms-shell-watch");
        made.setDaemon(true);
        return made;
    });

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile UserDirectory users;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile AuditTrail audit;

    /** For the component runtime. */
    @Activate
    public ShellWatch() {
        lookMs = LOOK_MS;
    }

    /** For tests, which look themselves. */
    ShellWatch(UserDirectory users, AccessGuard guard, AuditTrail audit) {
        this.lookMs = TimeUnit.DAYS.toMillis(1);
        this.users = users;
        this.guard = guard;
        this.audit = audit;
    }

    @Deactivate
    void close() {
        thread.shutdownNow();
    }

    /** Called for what Karaf runs when a shell begins, too, so that none is missed. */
    @Override
    public void beforeExecute(CommandSession session, CharSequence command) {
        if (session.get(Subject.class.getName()) instanceof Subject who) {
            who.getPrincipals(ShellUser.class).stream().findFirst().ifPresent(user -> remember(session, user));
        }
    }

    @Override
    public void afterExecute(CommandSession session, CharSequence command, Exception exception) {
        // Whoever may not stay is sent off between commands, too.
    }

    @Override
    public void afterExecute(CommandSession session, CharSequence command, Object result) {
        // As above.
    }

    private void remember(CommandSession session, ShellUser user) {
        boolean first;
        synchronized (open) {
            first = open.isEmpty();
            open.put(session, user);
        }
        if (first) {
            lookLater();
        }
    }

    private void lookLater() {
        try {
            thread.schedule(this::lookAgain, lookMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException stopping) {
            LOG.debug("The bundle is stopping", stopping);
        }
    }

    private void lookAgain() {
        try {
            look();
        } catch (RuntimeException e) {
            // A part that is exchanged just now is there at the next look.
            LOG.debug("Shells were not looked at", e);
        }
        synchronized (open) {
            if (open.isEmpty()) {
                return;
            }
        }
        lookLater();
    }

    /** Ends what must not go on. Nobody is sent off because a part of the server is away. */
    void look() {
        UserDirectory directory = users;
        AccessGuard judging = guard;
        if (directory == null || judging == null) {
            return;
        }
        Map<CommandSession, ShellUser> now;
        synchronized (open) {
            now = new HashMap<>(open);
        }
        List<CommandSession> over = new ArrayList<>();
        now.forEach((session, user) -> {
            String why = reasonToGo(user, directory, judging);
            if (!why.isEmpty()) {
                over.add(session);
                end(session, user, why);
            }
        });
        synchronized (open) {
            over.forEach(open::remove);
        }
    }

    /** {@return why, as the audit has it; empty for who may stay} */
    private static String reasonToGo(ShellUser user, UserDirectory directory, AccessGuard judging) {
        Optional<UserDirectory.User> known = directory.list().stream()
                .filter(one -> one.id().equals(user.id()) && !one.disabled())
                .findFirst();
        if (known.isEmpty()) {
            return RIGHT_WITHDRAWN;
        }
        Optional<String> stamp = directory.stamp(user.id());
        if (user.stamp().isPresent() && stamp.isPresent() && !stamp.equals(user.stamp())) {
            return "sessions_ended";
        }
        AuthenticatedUser caller = new AuthenticatedUser(
                user.id(), known.get().username(), known.get().role(), false);
        try {
            ShellRealm.requireAll(judging, caller);
            return "";
        } catch (AccessDeniedException lost) {
            return RIGHT_WITHDRAWN;
        }
    }

    private void end(CommandSession session, ShellUser user, String why) {
        LOG.info("The shell of user {} is ended: {}", user.username(), why);
        AuditTrail trail = audit;
        if (trail != null) {
            trail.note(new AuditNote(
                    "shell.ended",
                    true,
                    new AuditNote.Actor(Optional.of(user.id()), user.username(), Optional.empty(), "shell"),
                    "",
                    Map.of(),
                    Map.of("why", why)));
        }
        if (session.get(KARAF_SESSION) instanceof Session shell) {
            shell.close();
        } else {
            session.close();
        }
    }
}

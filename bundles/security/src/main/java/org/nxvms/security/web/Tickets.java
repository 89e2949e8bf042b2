// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.nxvms.platform.api.security.AuthenticationProvider;
import org.nxvms.platform.api.security.OutsideIdentity;
import org.nxvms.platform.api.security.OutsideSignIn;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.security.account.Account;
import org.nxvms.security.account.OutsideUsers;
import org.nxvms.security.account.Sessions;
import org.nxvms.security.token.OpaqueSecret;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * People whom a provider has proved and who have no session yet: each browser holds a ticket in a cookie, which is good
 * once. In memory, by hash, and not for long: who comes later signs in again.
 */
@Component(service = {Tickets.class, OutsideSignIn.class})
public final class Tickets implements OutsideSignIn {
    /** The longest unused makes room. */
    private static final int OPEN_MAX = 1_000;

    private final OutsideUsers users;
    private final Sessions sessions;
    private final LongSupplier nanoClock;
    private final Map<String, Ticket> open = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Ticket> eldest) {
            return size() > OPEN_MAX;
        }
    };

    /** Those that are being exchanged; who is not among them any more was ended meanwhile. */
    private final Set<Ticket> underWay = ConcurrentHashMap.newKeySet();

    /** Each is one of its own, whoever it is for. */
    private record Ticket(String hash, OutsideIdentity identity, long untilNanos) {}

    @Activate
    public Tickets(@Reference OutsideUsers users, @Reference Sessions sessions) {
        this(users, sessions, System::nanoTime);
    }

    Tickets(OutsideUsers users, Sessions sessions, LongSupplier nanoClock) {
        this.users = users;
        this.sessions = sessions;
        this.nanoClock = nanoClock;
    }

    @Override
    public String admit(OutsideIdentity identity, boolean secure) {
        String ticket = OpaqueSecret.make();
        long until = nanoClock.getAsLong() + TimeUnit.SECONDS.toNanos(SessionCookies.TICKET_LIFE.toSeconds());
        synchronized (open) {
            open.put(OpaqueSecret.hash(ticket), new Ticket(OpaqueSecret.hash(ticket), identity, until));
        }
        return SessionCookies.ticket(ticket, secure);
    }

    /**
     * Exchanges a ticket. While the second factor is missing or wrong, or something is absent for a moment, it stays good.
     *
     * @throws ProblemException 401 when it is not good, and what {@code entering} throws
     */
    <T> T exchange(Optional<String> ticket, Function<OutsideIdentity, T> entering) {
        String hash = ticket.map(OpaqueSecret::hash).orElse("");
        Ticket taken;
        synchronized (open) {
            // Taken out first: of two who hold it one comes in.
            taken = open.remove(hash);
            if (taken != null) {
                underWay.add(taken);
            }
        }
        if (taken == null) {
            throw over();
        }
        boolean again = false;
        try {
            return entered(taken, entering);
        } catch (RuntimeException e) {
            again = !(e instanceof ProblemException refused) || !isFinal(refused);
            throw e;
        } finally {
            synchronized (open) {
                if (underWay.remove(taken) && again) {
                    open.put(hash, taken);
                }
            }
        }
    }

    private <T> T entered(Ticket ticket, Function<OutsideIdentity, T> entering) {
        if (ticket.untilNanos() - nanoClock.getAsLong() <= 0) {
            throw over();
        }
        T entered = entering.apply(ticket.identity());
        if (!underWay.contains(ticket)) {
            endAll(ticket.identity().provider(), ticket.identity().subject());
            throw over();
        }
        return entered;
    }

    private static boolean isFinal(ProblemException refused) {
        return refused.problem().status() == 403 || refused.problem().name().equals("unauthenticated");
    }

    private static ProblemException over() {
        return Problem.unauthenticated("This sign-in was used, or lasted too long. Begin again.")
                .exception();
    }

    /** {@return ways in that begin elsewhere, by provider} */
    Map<String, AuthenticationProvider.Redirect> ways() {
        return users.redirects();
    }

    /** Tickets first: who holds one begins no session after this, also who is beginning one just now. */
    @Override
    public boolean endSessions(String provider, String subject) {
        Predicate<Ticket> theirs = ticket -> ticket.identity().provider().equals(provider)
                && ticket.identity().subject().equals(subject);
        synchronized (open) {
            open.values().removeIf(theirs);
            underWay.removeIf(theirs);
        }
        return endAll(provider, subject);
    }

    private boolean endAll(String provider, String subject) {
        Optional<Account> known = users.find(provider, subject);
        known.ifPresent(account -> sessions.endAll(account.id(), Optional.empty()));
        return known.isPresent();
    }
}

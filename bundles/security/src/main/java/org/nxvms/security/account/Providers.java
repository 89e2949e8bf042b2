// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.nxvms.platform.api.security.AuthenticationProvider;
import org.nxvms.platform.api.security.AuthenticationUnavailableException;
import org.nxvms.platform.api.security.OutsideIdentity;
import org.nxvms.rest.kit.problem.Problem;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The providers that are installed now, and asking them: some at a time, so that one that hangs does not hold all threads. */
@Component(service = Providers.class)
public final class Providers {
    private static final Logger LOG = LoggerFactory.getLogger(Providers.class);
    private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,20}");
    private static final int ASKED_AT_ONCE_MAX = 4;
    private static final int BUSY_RETRY_SECONDS = 2;

    private final List<AuthenticationProvider> bound = new CopyOnWriteArrayList<>();
    private final Semaphore strangers = new Semaphore(ASKED_AT_ONCE_MAX, true);
    private final Semaphore others = new Semaphore(ASKED_AT_ONCE_MAX, true);
    private final long waitMs;

    public Providers() {
        this(TimeUnit.SECONDS.toMillis(2));
    }

    Providers(long waitMs) {
        this.waitMs = waitMs;
    }

    /** Of two with one id the first counts: users are found by it, and nobody shall answer for another's people. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void add(AuthenticationProvider provider) {
        if (!ID.matcher(provider.id()).matches() || find(provider.id()).isPresent()) {
            LOG.error(
                    "The provider \"{}\" ({}) has an id that cannot be, or another one has it: it is not asked",
                    SignIn.printable(provider.id()),
                    provider.getClass().getName());
        }
        bound.add(provider);
    }

    void remove(AuthenticationProvider provider) {
        bound.remove(provider);
    }

    private List<AuthenticationProvider> all() {
        Map<String, AuthenticationProvider> byId = new TreeMap<>();
        for (AuthenticationProvider provider : bound) {
            if (ID.matcher(provider.id()).matches()) {
                byId.putIfAbsent(provider.id(), provider);
            }
        }
        return List.copyOf(byId.values());
    }

    Optional<AuthenticationProvider> find(String id) {
        return all().stream().filter(provider -> provider.id().equals(id)).findFirst();
    }

    /** {@return those that take names and passwords} */
    List<AuthenticationProvider> withPasswords() {
        return all().stream().filter(provider -> provider.redirect().isEmpty()).toList();
    }

    /** {@return ways in that begin elsewhere, by provider} */
    Map<String, AuthenticationProvider.Redirect> redirects() {
        Map<String, AuthenticationProvider.Redirect> ways = new TreeMap<>();
        for (AuthenticationProvider provider : all()) {
            provider.redirect().ifPresent(way -> ways.put(provider.id(), way));
        }
        return ways;
    }

    /** Something that a provider is asked. */
    interface Question {
        Optional<OutsideIdentity> ask() throws AuthenticationUnavailableException;
    }

    /**
     * Asks, in turn.
     *
     * @param stranger whether it takes its turn among strangers
     * @throws AuthenticationUnavailableException when it cannot be told
     * @throws org.nxvms.rest.kit.problem.ProblemException 503 when there was no turn: that says nothing of the provider
     */
    Optional<OutsideIdentity> ask(boolean stranger, Question question) throws AuthenticationUnavailableException {
        Semaphore turns = stranger ? strangers : others;
        try {
            if (!turns.tryAcquire(waitMs, TimeUnit.MILLISECONDS)) {
                throw Problem.unavailable(
                                "Many people are being asked about at the directory. Try again in a moment.",
                                BUSY_RETRY_SECONDS)
                        .exception();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.unavailable("The server stops.", BUSY_RETRY_SECONDS).exception();
        }
        try {
            return question.ask();
        } catch (RuntimeException | LinkageError e) {
            // Somebody else's code, which may go meanwhile: whatever it does, it is no proof.
            throw new AuthenticationUnavailableException("A provider outside failed: " + e, e);
        } finally {
            turns.release();
        }
    }
}

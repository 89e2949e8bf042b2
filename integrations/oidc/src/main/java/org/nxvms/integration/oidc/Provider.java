// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.nxvms.integration.oidc.http.ProviderHttp;
import org.nxvms.integration.oidc.protocol.Attempt;
import org.nxvms.integration.oidc.protocol.Conversation;
import org.nxvms.integration.oidc.protocol.Refusal;
import org.nxvms.integration.oidc.protocol.RefusedException;
import org.nxvms.integration.oidc.protocol.Vouched;
import org.nxvms.integration.oidc.settings.ProviderSettings;
import org.nxvms.integration.oidc.settings.SealedSecret;
import org.nxvms.platform.api.security.AuthenticationProvider;
import org.nxvms.platform.api.security.OutsideIdentity;
import org.nxvms.platform.api.security.SecretVault;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One provider: what is agreed with it, and the talk with it. Any thread; blocks for its answers. */
public final class Provider implements AuthenticationProvider, AutoCloseable {
    /** Below the path of the REST application. */
    public static final String BASE = "/api/v1/oidc";

    /** Each holds a thread of the web server as long as the provider takes. */
    private static final int AT_ONCE_MAX = 8;

    private static final int LOGOUTS_AT_ONCE_MAX = 2;

    private static final Logger LOG = LoggerFactory.getLogger(Provider.class);

    private final ProviderSettings settings;
    private final ProviderHttp http;
    private final Conversation conversation;
    private final ProviderPeople people;
    private final Semaphore places = new Semaphore(AT_ONCE_MAX);
    /** Of its own, so that who fills those of sign-ins holds up no logout. */
    private final Semaphore logouts = new Semaphore(LOGOUTS_AT_ONCE_MAX);

    private final Clock clock;

    /** @param vault gives null while it is away */
    Provider(ProviderSettings settings, ProviderPeople people, Supplier<SecretVault> vault, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.people = people;
        this.http = new ProviderHttp(settings.terms().limit());
        this.conversation =
                new Conversation(settings.terms(), () -> secret(vault.get()), http, clock, System::nanoTime);
    }

    private Optional<String> secret(SecretVault vault) throws RefusedException {
        if (settings.secret().isEmpty()) {
            return Optional.empty();
        }
        if (vault == null) {
            throw new RefusedException(Refusal.UNAVAILABLE, "the vault that seals secrets is not running");
        }
        try {
            return Optional.of(new SealedSecret(id(), settings.secret()).open(vault));
        } catch (IllegalArgumentException foreign) {
            throw new RefusedException(Refusal.UNAVAILABLE, foreign.getMessage(), foreign);
        }
    }

    @Override
    public String id() {
        return settings.terms().name();
    }

    ProviderSettings settings() {
        return settings;
    }

    @Override
    public Optional<Redirect> redirect() {
        return Optional.of(new Redirect(settings.title(), BASE + "/" + id() + "/start"));
    }

    /**
     * A provider tells nothing of somebody who is not there; so whoever proved to be somebody too long ago has to do it
     * again, and a line of {@code roles} that has gone gives no role any more.
     */
    @Override
    public Optional<OutsideIdentity> lookUp(OutsideIdentity known) {
        Instant earliest = clock.instant().minus(settings.sessionLife());
        return people.find(known.subject())
                .filter(person -> !Instant.ofEpochMilli(person.provedMs()).isBefore(earliest))
                .map(person -> new OutsideIdentity(
                        id(),
                        known.subject(),
                        known.username(),
                        settings.roles().roleOf(person.groups())));
    }

    /** @param asked the origin under which the browser reached this server */
    public Conversation.Begun begin(URI asked) throws RefusedException {
        URI origin = settings.origin().orElse(asked);
        return inTurn(places, () -> conversation.begin(URI.create(origin + BASE + "/" + id() + "/callback")));
    }

    /** {@return who it is; without a role when no group of theirs has one here} */
    public OutsideIdentity complete(Attempt attempt, Conversation.Answer answer) throws RefusedException {
        Vouched vouched = inTurn(places, () -> conversation.complete(attempt, answer));
        Optional<String> role = settings.roles().roleOf(vouched.groups());
        if (role.isPresent()) {
            // Whom the provider knows and this server does not takes no room.
            List<String> groups = vouched.groups().stream()
                    .filter(group -> settings.roles().roleOf(List.of(group)).isPresent())
                    .toList();
            people.proved(vouched.subject(), groups, vouched.session(), clock.instant());
        }
        return new OutsideIdentity(id(), vouched.subject(), vouched.username(), role);
    }

    /**
     * The provider says that somebody has gone (Back-Channel Logout 1.0). Where it names one session, all of that user here
     * end: too many rather than too few.
     *
     * @param end ends the sessions of a subject
     */
    public void ended(String logoutToken, Consumer<String> end) throws RefusedException {
        inTurn(logouts, () -> {
            conversation.ended(logoutToken, ended -> ended.subject()
                    .or(() -> ended.session().flatMap(people::subjectOf))
                    .ifPresentOrElse(
                            end,
                            () -> LOG.warn(
                                    "Provider {} ends a session that is not known here; nothing was ended", id())));
            return null;
        });
    }

    /** What may be refused. */
    @FunctionalInterface
    private interface Talk<T> {
        T take() throws RefusedException;
    }

    private static <T> T inTurn(Semaphore places, Talk<T> talk) throws RefusedException {
        if (!places.tryAcquire()) {
            throw new RefusedException(Refusal.UNAVAILABLE, "too many others are being signed in or out");
        }
        try {
            return talk.take();
        } finally {
            places.release();
        }
    }

    /** Asks the provider now what it offers. {@return why it cannot be used, empty when it can} */
    String probe() {
        return conversation.probe();
    }

    /** {@return why it could not be used the last time; empty when all is well} */
    String trouble() {
        return conversation.trouble();
    }

    @Override
    public void close() {
        http.close();
    }
}

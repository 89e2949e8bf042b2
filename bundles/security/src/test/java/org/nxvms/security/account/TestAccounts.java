// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AuthenticationProvider;
import org.nxvms.platform.api.security.UserStore;
import org.nxvms.security.audit.TestTrail;
import org.nxvms.security.factor.SecondFactors;
import org.nxvms.security.rights.AccessBook;
import org.nxvms.security.token.AccessTokens;

/** What tests of other packages need of this one. */
public final class TestAccounts {
    private TestAccounts() {}

    public static Accounts accounts(
            ServerIdentity identity, AccessTokens tokens, AccessBook book, String adminPassword) {
        return new Accounts(identity, tokens, book, Optional.of(adminPassword), new PasswordHasher(64));
    }

    /** {@return people outside, whom these providers prove} */
    public static OutsideUsers outside(
            Path folder, Accounts accounts, Providers providers, AuditTrail audit, Clock clock) {
        return new OutsideUsers(
                accounts, providers, audit, new LastProved(folder.resolve("outside-users.json"), clock));
    }

    /** {@return no providers yet; who finds no turn waits not long} */
    public static Providers providers() {
        return new Providers(100);
    }

    public static void attach(Providers providers, AuthenticationProvider provider) {
        providers.add(provider);
    }

    public static void detach(Providers providers, AuthenticationProvider provider) {
        providers.remove(provider);
    }

    private static OutsideUsers nobody(Accounts accounts, Clock clock) {
        return outside(Path.of("nobody-is-proved"), accounts, providers(), TestTrail.none(), clock);
    }

    public static Sessions sessions(ServerIdentity identity, Accounts accounts, AccessTokens tokens, Clock clock) {
        return sessions(identity, accounts, nobody(accounts, clock), tokens, TestTrail.none(), clock);
    }

    public static Sessions sessions(
            ServerIdentity identity,
            Accounts accounts,
            OutsideUsers outside,
            AccessTokens tokens,
            AuditTrail audit,
            Clock clock) {
        return new Sessions(identity, accounts, outside, tokens, audit, clock, nanos(clock));
    }

    public static SignIn signIn(
            Accounts accounts,
            Sessions sessions,
            SecondFactors factors,
            AuditTrail audit,
            AccessTokens tokens,
            Clock clock) {
        return new SignIn(
                accounts, nobody(accounts, clock), sessions, factors, audit, new KnownDevices(tokens), nanos(clock));
    }

    /** As {@link #signIn}, with people outside. */
    public static SignIn signInWith(
            OutsideUsers outside,
            Accounts accounts,
            Sessions sessions,
            SecondFactors factors,
            AuditTrail audit,
            AccessTokens tokens,
            Clock clock) {
        return new SignIn(accounts, outside, sessions, factors, audit, new KnownDevices(tokens), nanos(clock));
    }

    /** Time that passes only when the clock is moved. */
    private static LongSupplier nanos(Clock clock) {
        return () -> clock.millis() * 1_000_000;
    }

    public static void attach(Accounts accounts, UserStore store) throws Exception {
        accounts.setStore(store);
        accounts.awaitStoreThread();
    }

    public static void detach(Accounts accounts, UserStore store) {
        accounts.unsetStore(store);
    }

    public static void stop(Accounts accounts) {
        accounts.stop();
    }
}

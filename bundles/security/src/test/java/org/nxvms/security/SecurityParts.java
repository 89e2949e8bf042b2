// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.nxvms.platform.api.security.UserStore;
import org.nxvms.security.access.KeyGuard;
import org.nxvms.security.access.TokenGuard;
import org.nxvms.security.account.Accounts;
import org.nxvms.security.account.Client;
import org.nxvms.security.account.OutsideUsers;
import org.nxvms.security.account.Providers;
import org.nxvms.security.account.Sessions;
import org.nxvms.security.account.SignIn;
import org.nxvms.security.account.TestAccounts;
import org.nxvms.security.account.UserAdministration;
import org.nxvms.security.audit.ChainedTrail;
import org.nxvms.security.audit.TestTrail;
import org.nxvms.security.factor.SecondFactors;
import org.nxvms.security.factor.TestFactors;
import org.nxvms.security.key.ApiKeys;
import org.nxvms.security.key.TestKeys;
import org.nxvms.security.rights.AccessBook;
import org.nxvms.security.rights.Decisions;
import org.nxvms.security.rights.TestRights;
import org.nxvms.security.token.AccessTokens;
import org.nxvms.security.vault.AesVault;
import org.nxvms.security.web.ApiKeysApplication;
import org.nxvms.security.web.AuthApplication;
import org.nxvms.security.web.RolesApplication;
import org.nxvms.security.web.TestTickets;
import org.nxvms.security.web.Tickets;
import org.nxvms.security.web.UsersApplication;

/** The bundle's components put together as DS does it. */
public final class SecurityParts {
    private final Accounts accounts;
    private final UserAdministration users;
    private final Providers providers = TestAccounts.providers();
    private final OutsideUsers outside;
    private final Tickets tickets;
    private final Sessions sessions;
    private final SignIn signIn;
    private final SecondFactors factors;
    private final MemoryAuditStore auditStore = new MemoryAuditStore();
    private final ChainedTrail trail;
    private final MemoryKeyStore keyStore = new MemoryKeyStore();
    private final ApiKeys keys;
    private final MemoryFactorStore factorStore = new MemoryFactorStore();
    private final MemoryAccessStore accessStore = new MemoryAccessStore(factorStore);
    private final AccessBook book;
    private final Decisions decisions;
    private final TokenGuard guard;
    private final KeyGuard keyGuard;

    /** At a time that stands: waits do not end by themselves, however slow the machine is. */
    public SecurityParts(Path folder, String adminPassword) throws Exception {
        this(folder, adminPassword, new MovingClock());
    }

    public SecurityParts(Path folder, String adminPassword, Clock clock) throws Exception {
        TestIdentity identity = new TestIdentity(folder);
        AccessTokens tokens = new AccessTokens(identity);
        AesVault vault = new AesVault(identity);
        factors = new SecondFactors(vault, identity, clock);
        TestFactors.attach(factors, factorStore);
        book = new AccessBook(identity, factors);
        decisions = new Decisions(book, identity);
        accounts = TestAccounts.accounts(identity, tokens, book, adminPassword);
        users = new UserAdministration(accounts);
        trail = TestTrail.make(identity, clock, auditStore);
        outside = TestAccounts.outside(folder, accounts, providers, trail, clock);
        sessions = TestAccounts.sessions(identity, accounts, outside, tokens, trail, clock);
        tickets = TestTickets.make(outside, sessions, clock);
        signIn = TestAccounts.signInWith(outside, accounts, sessions, factors, trail, tokens, clock);
        keys = new ApiKeys(identity, vault, clock);
        TestKeys.attach(keys, keyStore);
        guard = new TokenGuard(sessions, accounts, keys, decisions);
        keyGuard = new KeyGuard(guard, keys);
    }

    /** Binds the store and waits until it has been read, or failed to. */
    public void attach(UserStore store) throws Exception {
        TestRights.attach(book, accessStore);
        TestAccounts.attach(accounts, store);
    }

    public void detach(UserStore store) {
        TestAccounts.detach(accounts, store);
    }

    public UserAdministration users() {
        return users;
    }

    public Accounts accounts() {
        return accounts;
    }

    public Providers providers() {
        return providers;
    }

    public Tickets tickets() {
        return tickets;
    }

    public Sessions sessions() {
        return sessions;
    }

    public void detachFactors() {
        TestFactors.attach(factors, null);
    }

    public SecondFactors factors() {
        return factors;
    }

    public AuthApplication authApplication() {
        return new AuthApplication(guard, sessions, signIn, factors, decisions, tickets, trail);
    }

    public UsersApplication usersApplication() {
        return new UsersApplication(guard, users, sessions, factors, book, decisions, trail);
    }

    public RolesApplication rolesApplication() {
        return new RolesApplication(guard, book, decisions, trail);
    }

    public AccessBook book() {
        return book;
    }

    public Decisions decisions() {
        return decisions;
    }

    public ApiKeysApplication keysApplication() {
        return new ApiKeysApplication(guard, keys, signIn, users, decisions, trail);
    }

    public ChainedTrail trail() {
        return trail;
    }

    public MemoryAuditStore auditStore() {
        return auditStore;
    }

    public ApiKeys keys() {
        return keys;
    }

    public MemoryKeyStore keyStore() {
        return keyStore;
    }

    public SignIn signIn() {
        return signIn;
    }

    /** {@return a session of a user who knows the password} */
    public Sessions.Grant login(String username, String password) {
        return signIn.login(username, password, Optional.empty(), new Client("127.0.0.1", "test", Optional.empty()));
    }

    public TokenGuard guard() {
        return guard;
    }

    public KeyGuard keyGuard() {
        return keyGuard;
    }

    public void close() {
        TestAccounts.stop(accounts);
        TestRights.stop(book);
        TestKeys.stop(keys);
        TestTrail.stop(trail);
    }
}

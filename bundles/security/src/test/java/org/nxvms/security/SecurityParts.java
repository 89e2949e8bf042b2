// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security;

import java.nio.file.Path;
import java.time.Clock;
import org.nxvms.platform.api.security.UserStore;
import org.nxvms.security.access.TokenGuard;
import org.nxvms.security.account.Accounts;
import org.nxvms.security.account.Sessions;
import org.nxvms.security.account.TestAccounts;
import org.nxvms.security.token.AccessTokens;

/** The bundle's components put together as DS does it. */
public final class SecurityParts {
    private final Accounts accounts;
    private final Sessions sessions;
    private final TokenGuard guard;

    public SecurityParts(Path folder, String adminPassword) throws Exception {
        this(folder, adminPassword, Clock.systemUTC());
    }

    public SecurityParts(Path folder, String adminPassword, Clock clock) throws Exception {
        TestIdentity identity = new TestIdentity(folder);
        AccessTokens tokens = new AccessTokens(identity);
        accounts = TestAccounts.accounts(identity, tokens, adminPassword);
        sessions = TestAccounts.sessions(identity, accounts, tokens, clock);
        guard = new TokenGuard(sessions);
    }

    /** Binds the store and waits until it has been read, or failed to. */
    public void attach(UserStore store) throws Exception {
        TestAccounts.attach(accounts, store);
    }

    public void detach(UserStore store) {
        TestAccounts.detach(accounts, store);
    }

    public Accounts accounts() {
        return accounts;
    }

    public Sessions sessions() {
        return sessions;
    }

    public TokenGuard guard() {
        return guard;
    }

    public void close() {
        TestAccounts.stop(accounts);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import org.eclipse.persistence.config.SessionCustomizer;
import org.eclipse.persistence.sessions.DatabaseLogin;
import org.eclipse.persistence.sessions.Session;

/**
 * Named in persistence.xml. When a connection cannot be had, the pool has waited for it already; by
 * default EclipseLink would wait and ask three times more, half a minute in which callers hang.
 */
public final class FailAtOnce implements SessionCustomizer {
    @Override
    public void customize(Session session) {
        DatabaseLogin login = (DatabaseLogin) session.getDatasourceLogin();
        login.setQueryRetryAttemptCount(0);
        login.setDelayBetweenConnectionAttempts(0);
        login.setConnectionHealthValidatedOnError(false);
    }
}

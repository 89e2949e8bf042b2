// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.account;

import java.util.Map;
import org.nxvms.platform.api.health.HealthCheck;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Health of signing in: users are known and sessions can be stored. */
@Component(service = HealthCheck.class)
public final class SecurityCheck implements HealthCheck {
    private final Accounts accounts;

    @Activate
    public SecurityCheck(@Reference Accounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public String name() {
        return "security";
    }

    @Override
    public Result check() {
        int users = accounts.ids().size();
        Map<String, Object> figures = Map.of("users", users);
        if (users == 0) {
            return new Result(
                            Status.DOWN,
                            "No user is known yet: the user table was not read. See the part \"database\"",
                            figures)
                    .found("users_unknown");
        }
        if (accounts.store() == null) {
            return new Result(
                            Status.DEGRADED,
                            "Nobody can sign in while the database is away; those who are signed in go on for some minutes",
                            figures)
                    .found("no_sign_in");
        }
        return new Result(Status.UP, "", figures);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import java.util.List;
import javax.ws.rs.core.Application;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.nxvms.security.access.TokenGuard;
import org.nxvms.security.account.SignIn;
import org.nxvms.security.account.UserAdministration;
import org.nxvms.security.key.ApiKeys;
import org.nxvms.security.rights.Decisions;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** Keys of programs. */
@Component(service = Application.class)
@JaxrsApplicationBase(ApiKeysResource.BASE)
@JaxrsName("nxvms-api-keys")
public final class ApiKeysApplication extends RestApplication {
    private final TokenGuard guard;
    private final ApiKeys keys;
    private final SignIn signIn;
    private final UserAdministration users;
    private final Decisions decisions;
    private final AuditTrail audit;

    @Activate
    public ApiKeysApplication(
            @Reference TokenGuard guard,
            @Reference ApiKeys keys,
            @Reference SignIn signIn,
            @Reference UserAdministration users,
            @Reference Decisions decisions,
            @Reference AuditTrail audit) {
        this.users = users;
        this.decisions = decisions;
        this.guard = guard;
        this.keys = keys;
        this.signIn = signIn;
        this.audit = audit;
    }

    @Override
    protected AccessGuard guard() {
        return guard;
    }

    @Override
    protected AuditTrail audit() {
        return audit;
    }

    @Override
    protected List<Object> resources() {
        return List.of(new ApiKeysResource(keys, signIn, guard, users, new Delegation(guard, decisions)));
    }
}

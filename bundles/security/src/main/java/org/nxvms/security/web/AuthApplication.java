// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import java.util.List;
import javax.ws.rs.core.Application;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.nxvms.security.access.TokenGuard;
import org.nxvms.security.account.Sessions;
import org.nxvms.security.account.SignIn;
import org.nxvms.security.factor.SecondFactors;
import org.nxvms.security.rights.Decisions;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** Signing in and out. Its references live in the same bundle, so they need not be dynamic. */
@Component(service = Application.class)
@JaxrsApplicationBase(AuthResource.BASE)
@JaxrsName("nxvms-auth")
public final class AuthApplication extends RestApplication {
    private final TokenGuard guard;
    private final Sessions sessions;
    private final SignIn signIn;
    private final SecondFactors factors;
    private final Decisions decisions;
    private final Tickets tickets;
    private final AuditTrail audit;

    @Activate
    public AuthApplication(
            @Reference TokenGuard guard,
            @Reference Sessions sessions,
            @Reference SignIn signIn,
            @Reference SecondFactors factors,
            @Reference Decisions decisions,
            @Reference Tickets tickets,
            @Reference AuditTrail audit) {
        this.tickets = tickets;
        this.decisions = decisions;
        this.guard = guard;
        this.sessions = sessions;
        this.signIn = signIn;
        this.factors = factors;
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
        SessionAnswers answers = new SessionAnswers(signIn, decisions);
        return List.of(
                new AuthResource(sessions, signIn, guard, decisions, answers),
                new OutsideResource(tickets, signIn, guard, answers),
                new SessionsResource(sessions, guard),
                new TotpResource(factors, sessions, signIn, guard));
    }
}

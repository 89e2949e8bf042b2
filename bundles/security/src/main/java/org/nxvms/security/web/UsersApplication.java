// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.util.List;
import javax.ws.rs.core.Application;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.KnownCameras;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.camera.NamedCameras;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.nxvms.security.access.TokenGuard;
import org.nxvms.security.account.Sessions;
import org.nxvms.security.account.UserAdministration;
import org.nxvms.security.factor.SecondFactors;
import org.nxvms.security.rights.AccessBook;
import org.nxvms.security.rights.Decisions;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** The users of this server. */
@Component(service = Application.class)
@JaxrsApplicationBase(UsersResource.BASE)
@JaxrsName("nxvms-users")
public final class UsersApplication extends RestApplication {
    private final TokenGuard guard;
    private final UserAdministration users;
    private final Sessions sessions;
    private final SecondFactors factors;
    private final AccessBook book;
    private final Decisions decisions;
    private final AuditTrail audit;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile EventPublisher events;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile CameraRegistry cameras;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    volatile Archive archive;

    @Activate
    public UsersApplication(
            @Reference TokenGuard guard,
            @Reference UserAdministration users,
            @Reference Sessions sessions,
            @Reference SecondFactors factors,
            @Reference AccessBook book,
            @Reference Decisions decisions,
            @Reference AuditTrail audit) {
        this.book = book;
        this.decisions = decisions;
        this.guard = guard;
        this.users = users;
        this.sessions = sessions;
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
        Delegation delegation = new Delegation(guard, decisions);
        NamedCameras named = new NamedCameras(new KnownCameras(() -> cameras, () -> archive));
        return List.of(
                new UsersResource(users, new UserEvents(() -> events, System::currentTimeMillis), delegation),
                new UserSessionsResource(users, sessions, delegation),
                new UserTotpResource(users, factors, delegation),
                new GrantsResource(users, book, delegation, named),
                new RightsResource(users, decisions));
    }
}

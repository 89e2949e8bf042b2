// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import java.util.List;
import javax.ws.rs.core.Application;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.nxvms.security.access.TokenGuard;
import org.nxvms.security.rights.AccessBook;
import org.nxvms.security.rights.Decisions;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** The roles of this site. */
@Component(service = Application.class)
@JaxrsApplicationBase(RolesResource.BASE)
@JaxrsName("nxvms-roles")
public final class RolesApplication extends RestApplication {
    private final TokenGuard guard;
    private final AccessBook book;
    private final Decisions decisions;
    private final AuditTrail audit;

    @Activate
    public RolesApplication(
            @Reference TokenGuard guard,
            @Reference AccessBook book,
            @Reference Decisions decisions,
            @Reference AuditTrail audit) {
        this.guard = guard;
        this.book = book;
        this.decisions = decisions;
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
        return List.of(new RolesResource(book, new Delegation(guard, decisions)));
    }
}

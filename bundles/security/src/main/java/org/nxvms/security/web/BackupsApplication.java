// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import java.util.List;
import javax.ws.rs.core.Application;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.backup.Backups;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.jaxrs.RestApplication;
import org.nxvms.security.access.TokenGuard;
import org.nxvms.security.account.SignIn;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsApplicationBase;
import org.osgi.service.jaxrs.whiteboard.propertytypes.JaxrsName;

/** Backups by REST. */
@Component(service = Application.class)
@JaxrsApplicationBase(BackupsResource.BASE)
@JaxrsName("nxvms-backups")
public final class BackupsApplication extends RestApplication {
    private final TokenGuard guard;
    private final AuditTrail trail;
    private final BackupsResource resource;

    @Activate
    public BackupsApplication(
            @Reference TokenGuard guard,
            @Reference SignIn signIn,
            @Reference Backups backups,
            @Reference AuditTrail trail) {
        this.guard = guard;
        this.trail = trail;
        this.resource = new BackupsResource(backups, guard, signIn, System::nanoTime);
    }

    @Override
    protected AccessGuard guard() {
        return guard;
    }

    @Override
    protected AuditTrail audit() {
        return trail;
    }

    @Override
    protected List<Object> resources() {
        return List.of(resource);
    }
}

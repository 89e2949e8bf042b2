// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.jaxrs;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.servlet.http.HttpServletRequest;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.container.ContainerResponseContext;
import javax.ws.rs.container.ContainerResponseFilter;
import javax.ws.rs.container.ResourceInfo;
import javax.ws.rs.core.Context;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditTrail;

/** Notes what {@link Audited} methods were asked for and what became of it. */
final class AuditFilter implements ContainerResponseFilter {
    private static final int REFUSED = 400;

    private final Supplier<AuditTrail> trails;

    @Context
    private ResourceInfo resource;

    @Context
    private HttpServletRequest request;

    AuditFilter(Supplier<AuditTrail> trails) {
        this.trails = trails;
    }

    @Override
    public void filter(ContainerRequestContext asked, ContainerResponseContext answer) {
        Method method = resource.getResourceMethod();
        AuditTrail trail = trails.get();
        boolean again = answer.getHeaders().containsKey(IdempotencyKeys.REPEATED);
        if (method == null || trail == null || again || !method.isAnnotationPresent(Audited.class)) {
            return;
        }
        Optional<Caller> caller = Caller.find(asked.getSecurityContext());
        if (caller.isEmpty()) {
            return;
        }
        boolean answered = answer.getStatus() < REFUSED;
        boolean unknown = !answered && AuditFields.isBegun(request);
        boolean done = answered || unknown;
        if (done && AuditFields.isNothingDone(request)) {
            return;
        }
        AuditFields fields =
                AuditFields.told(request).orElseGet(() -> new AuditFields(subject(method, asked), Map.of(), Map.of()));
        Map<String, String> after = new TreeMap<>(fields.after());
        if (unknown) {
            after.put("outcome", "unknown");
        }
        if (!done) {
            after.put("refused", Integer.toString(answer.getStatus()));
        }
        Audited audited = method.getAnnotation(Audited.class);
        AuditNote note = new AuditNote(
                audited.value(),
                done,
                AuditNote.Actor.of(caller.get().user(), request.getRemoteAddr()),
                fields.subject(),
                fields.before(),
                after);
        if (audited.often()) {
            trail.noteOften(note);
        } else {
            trail.note(note);
        }
    }

    /** {@return the camera that the method is about, else the address that was asked} */
    private String subject(Method method, ContainerRequestContext asked) {
        Requires requires = method.getAnnotation(Requires.class);
        return requires == null || requires.camera().isEmpty()
                ? request.getRequestURI()
                : "camera/" + asked.getUriInfo().getPathParameters().getFirst(requires.camera());
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.rest;

import java.util.List;
import java.util.Locale;
import javax.ws.rs.core.Response;
import javax.ws.rs.ext.ExceptionMapper;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.rest.kit.jaxrs.Problems;
import org.nxvms.rest.kit.problem.FieldError;
import org.nxvms.rest.kit.problem.Problem;

/** A refusal as a problem: 422 {@code plugin-KIND}, naming what of the file is to blame. */
final class RefusalMapper implements ExceptionMapper<PluginRefusedException> {
    @Override
    public Response toResponse(PluginRefusedException refused) {
        String kind = refused.kind().name().toLowerCase(Locale.ROOT);
        return Problems.response(Problem.of("plugin-" + kind, "Plugin refused", 422, refused.getMessage())
                .withErrors(List.of(new FieldError(refused.field(), refused.getMessage()))));
    }
}

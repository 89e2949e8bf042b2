// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.servlet.KeptAnswers;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code GET /media/v1/init/{initId}}: an initialisation segment. Its id is a hash of its bytes, so it never
 * changes. Cameras of one kind share it and it says nothing of a camera but codec and picture size; anybody
 * who may see footage at all may read it.
 */
@Component(
        service = {},
        immediate = true)
public final class InitServlet extends MediaServlet {
    /** This servlet comes after its context and goes before it; see {@code ContextGate}. */
    @Reference
    private transient MediaContext context;

    private transient Runnable away;

    private static final long serialVersionUID = 1L;
    /** SHA-512 in hexadecimal, the longest hash in use anywhere. */
    private static final int ID_LENGTH_MAX = 128;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile Archive archive;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AccessGuard guard;

    /** For the component runtime. */
    @Activate
    public InitServlet() {}

    /** Last of all: requests come from now on. */
    @Activate
    void serve(BundleContext bundle) {
        away = context.serve(bundle, this, MediaContext.INIT);
    }

    @Deactivate
    void stop() {
        away.run();
    }

    /** For tests. */
    InitServlet(Archive archive, AccessGuard guard) {
        this.archive = archive;
        this.guard = guard;
    }

    @Override
    Archive archive() {
        return archive;
    }

    @Override
    AccessGuard guard() {
        return guard;
    }

    @Override
    void answer(String path, HttpServletRequest request, HttpServletResponse response) throws IOException {
        requireSomeFootage(request);
        String id = withoutSuffix(path);
        if (id.isEmpty()
                || id.length() > ID_LENGTH_MAX
                || !id.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
            throw noSuchInit().exception();
        }
        byte[] init = presentArchive().init(id).orElseThrow(() -> noSuchInit().exception());
        String etag = "\"" + id + "\"";
        response.setHeader("ETag", etag);
        KeptAnswers.immutable(response, YEAR_SECONDS);
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (Etags.names(request.getHeader("If-None-Match"), etag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType("video/mp4");
        response.setContentLength(init.length);
        if (isGet(request)) {
            response.getOutputStream().write(init);
        }
    }

    private static Problem noSuchInit() {
        return Problem.notFound(
                "There is no initialisation segment of this id: take initId from the list of segments.");
    }
}

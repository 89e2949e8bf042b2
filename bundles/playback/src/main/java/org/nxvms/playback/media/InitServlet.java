// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.kit.fmp4.InitReader;
import org.nxvms.media.kit.fmp4.InitSegment;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageDamagedException;
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
 * {@code GET /media/v1/init/{initId}}: an initialisation segment, or {@code {initId}-v} and {@code {initId}-a}, that of its pictures
 * and of its sound alone ({@link OneTrack}). Its id is a hash of its bytes, so it never changes. Cameras of one kind share it and it says nothing of a camera but codec and picture size; anybody
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
    /** At most SHA-512 in hexadecimal, the longest hash in use anywhere; behind it, which track alone. */
    private static final Pattern ID = Pattern.compile("([0-9a-f]{1,128})(?:-([va]))?");

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
        Matcher named = ID.matcher(id);
        if (!named.matches()) {
            throw noSuchInit().exception();
        }
        byte[] init = presentArchive().init(named.group(1)).orElseThrow(() -> noSuchInit()
                .exception());
        OneTrack track = named.group(2) == null ? OneTrack.PICTURES : OneTrack.of(named.group(2));
        if (named.group(2) != null) {
            init = alone(track, init, named.group(1));
        }
        String etag = "\"" + id + "\"";
        response.setHeader("ETag", etag);
        KeptAnswers.immutable(response, YEAR_SECONDS);
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (Etags.names(request.getHeader("If-None-Match"), etag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType(track.kind() + "/mp4");
        response.setContentLength(init.length);
        if (isGet(request)) {
            response.getOutputStream().write(init);
        }
    }

    private static byte[] alone(OneTrack track, byte[] init, String id) throws IOException {
        try {
            StreamFormat format = InitReader.read(ByteBuffer.wrap(init)).format();
            return InitSegment.ofTrack(
                    format, track.in(format).orElseThrow(() -> noSuchInit().exception()));
        } catch (Mp4Exception e) {
            throw new FootageDamagedException(
                    "The initialisation segment " + id + " cannot be read: " + e.getMessage());
        }
    }

    private static Problem noSuchInit() {
        return Problem.notFound(
                "There is no initialisation segment of this id: take initId from the list of segments.");
    }
}

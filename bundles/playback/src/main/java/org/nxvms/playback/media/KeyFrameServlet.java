// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.playback.thumbnail.KeyFrame;
import org.nxvms.playback.thumbnail.KeyFrames;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.servlet.ByteRange;
import org.nxvms.rest.kit.servlet.KeptAnswers;
import org.nxvms.rest.kit.servlet.RequestCredentialsFactory;
import org.nxvms.rest.kit.servlet.StandingAccess;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code GET /media/v1/keyframes/{segmentId}/{offset}.m4s}: a key frame of a segment as a fragment of its own, as playlists of key
 * frames name it ({@link VodKeyFrames}). There is no sound in it. Never changes.
 */
@Component(
        service = {},
        immediate = true)
public final class KeyFrameServlet extends MediaServlet {
    /** This servlet comes after its context and goes before it; see {@code ContextGate}. */
    @Reference
    private transient MediaContext context;

    private transient Runnable away;

    private static final long serialVersionUID = 1L;
    /** As it is noted that somebody was sent footage. */
    private static final String WAY = "keyframes";

    private static final Pattern PATH = Pattern.compile("([0-9a-fA-F-]{36})/(\\d{1,15})\\.m4s");
    /** Key frames sent at once, each held in memory (a few hundred kilobytes, 8 MiB at most), and of one user. */
    private static final Transfers.Limits LIMITS = new Transfers.Limits(64, 16, 60_000);

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile Archive archive;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AuditTrail trail;

    private final transient Transfers transfers = new Transfers("key frames");
    private final transient KeyFrames frames = new KeyFrames();

    /** For the component runtime. */
    @Activate
    public KeyFrameServlet() {
        transfers.limit(LIMITS);
    }

    /** Last of all: requests come from now on. */
    @Activate
    void serve(BundleContext bundle) {
        away = context.serve(bundle, this, MediaContext.KEY_FRAMES);
    }

    @Deactivate
    void stop() {
        away.run();
    }

    /** For tests. */
    KeyFrameServlet(Archive archive, AccessGuard guard, AuditTrail trail) {
        this();
        this.archive = archive;
        this.guard = guard;
        this.trail = trail;
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
    AuditTrail trail() {
        return trail;
    }

    @Override
    void answer(String path, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Matcher named = PATH.matcher(path);
        if (!named.matches()) {
            throw noSuchFrame().exception();
        }
        Archive footage = presentArchive();
        UUID id = id(named.group(1), "segment");
        Segment segment = footage.segment(id).orElseThrow(() -> gone().exception());
        AuthenticatedUser user = requireSegment(request, segment, WAY, Set.of(Permission.VIEW_ARCHIVE));
        KeyFrame frame = frames.at(footage, segment, Long.parseLong(named.group(2)))
                .orElseThrow(() -> noSuchFrame().exception());
        String etag = "\"" + id + "-" + Long.toHexString(frame.offset()) + "-key\"";
        response.setHeader("ETag", etag);
        response.setHeader("X-Content-Type-Options", "nosniff");
        // Also of a segment that grows: what was written stays.
        KeptAnswers.immutable(response, YEAR_SECONDS);
        if (Etags.names(request.getHeader("If-None-Match"), etag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        send(footage, segment, frame, user, request, response);
    }

    private void send(
            Archive footage,
            Segment segment,
            KeyFrame frame,
            AuthenticatedUser user,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Transfers.Slot slot = transfers.take(user.id());
        boolean handedOver = false;
        try {
            HeldBytes fragment = new HeldBytes(frames.alone(footage, frame));
            response.setContentType("video/mp4");
            response.setContentLengthLong(fragment.size());
            if (isGet(request)) {
                UUID camera = segment.stream().cameraId();
                seen(request, camera, WAY, frame.startUs(), frame.startUs());
                StandingAccess access = new StandingAccess(
                        () -> guard,
                        RequestCredentialsFactory.from(request),
                        Set.of(Permission.VIEW_ARCHIVE),
                        Optional.of(camera),
                        System::nanoTime);
                transfers.start(request, response, fragment, ByteRange.of(null, fragment.size()), slot, access);
                handedOver = true;
            }
        } catch (Mp4Exception e) {
            throw new FootageDamagedException("The key frame at byte " + frame.offset() + " of segment "
                    + frame.segmentId() + " cannot be read: " + e.getMessage());
        } finally {
            if (!handedOver) {
                slot.close();
            }
        }
    }

    private static Problem noSuchFrame() {
        return Problem.notFound("No key frame begins there: take the address from a playlist"
                + " /media/v1/archive/{cameraId}/keyframes.m3u8.");
    }
}

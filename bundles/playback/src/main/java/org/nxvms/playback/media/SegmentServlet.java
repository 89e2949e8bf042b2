// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.rest.kit.problem.Etags;
import org.nxvms.rest.kit.servlet.ByteRange;
import org.nxvms.rest.kit.servlet.Conditions;
import org.nxvms.rest.kit.servlet.KeptAnswers;
import org.nxvms.rest.kit.servlet.RequestCredentialsFactory;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.nxvms.rest.kit.servlet.StandingAccess;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * {@code GET /media/v1/segments/{id}}: a segment's bytes, whole or one range (RFC 9110 14). A segment that
 * still grows is served up to its last whole fragment; its entity tag changes as it grows, its bytes never
 * do. Sending is asynchronous: a slow client holds a buffer and a file, not a thread.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = SegmentServlet.PID)
@Designate(ocd = SegmentServlet.Config.class)
public final class SegmentServlet extends MediaServlet {
    /** This servlet comes after its context and goes before it; see {@code ContextGate}. */
    @Reference
    private transient MediaContext context;

    private transient Runnable away;

    static final String PID = "org.nxvms.playback";

    /** As it is noted that somebody was sent footage. */
    private static final String WAY = "segments";

    private static final long serialVersionUID = 1L;

    /** Limits on sending footage. */
    @ObjectClassDefinition(
            name = "NXvms playback",
            description = "Limits on sending recorded footage. Applied at once, to transfers that begin.")
    @interface Config {
        @AttributeDefinition(
                name = "Transfers",
                description =
                        "Segments sent at the same time to all users, and as many parts of single tracks (DASH). Each holds an open file and 64 KiB;"
                                + " of encrypted footage also a fragment in the clear, all of them at most an eighth of the heap."
                                + " Beyond, requests are answered 503 with Retry-After. 1..4096",
                min = "1",
                max = "4096")
        int transfersMax() default 256;

        @AttributeDefinition(
                name = "Transfers per user",
                description = "Segments sent at the same time to one user, and as many parts of single tracks. 1..4096",
                min = "1",
                max = "4096")
        int transfersPerUserMax() default 64;

        @AttributeDefinition(
                name = "Transfer minutes",
                description = "A transfer that takes longer is cut; the client can go on with a range. 1..1440",
                min = "1",
                max = "1440")
        int transferMinutesMax() default 60;
    }

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile Archive archive;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AuditTrail trail;

    private final transient Transfers transfers = new Transfers("segments");
    private final transient LongSupplier nanoTime;

    /** For the component runtime. */
    @Activate
    public SegmentServlet() {
        nanoTime = System::nanoTime;
    }

    /** For tests. */
    SegmentServlet(
            Archive archive, AccessGuard guard, AuditTrail trail, Transfers.Limits limits, LongSupplier nanoTime) {
        this.trail = trail;
        this.nanoTime = nanoTime;
        this.archive = archive;
        this.guard = guard;
        transfers.limit(limits);
    }

    /** Last of all: requests come from now on. */
    @Activate
    void serve(BundleContext bundle, Config config) {
        configure(config);
        away = context.serve(bundle, this, MediaContext.SEGMENTS);
    }

    @Deactivate
    void stop() {
        away.run();
    }

    @Modified
    void configure(Config config) {
        transfers.limit(limits(config));
    }

    static Transfers.Limits limits(Config config) {
        return new Transfers.Limits(
                clamp(config.transfersMax(), 4096),
                clamp(config.transfersPerUserMax(), 4096),
                clamp(config.transferMinutesMax(), 1440) * 60_000L);
    }

    private static int clamp(int value, int max) {
        return Math.max(1, Math.min(max, value));
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
        UUID id = id(withoutSuffix(path), "segment");
        Archive footage = presentArchive();
        Segment segment = footage.segment(id).orElseThrow(() -> gone().exception());
        AuthenticatedUser user = requireSegment(request, segment, WAY);
        Transfers.Slot slot = transfers.take(user.id());
        Archive.SegmentBytes bytes = null;
        boolean handedOver = false;
        try {
            bytes = footage.open(id);
            handedOver = send(segment, bytes, slot, request, response);
        } finally {
            if (!handedOver) {
                slot.close();
                if (bytes != null) {
                    bytes.close();
                }
            }
        }
    }

    /** {@return whether slot and bytes now belong to a transfer} */
    private boolean send(
            Segment segment,
            Archive.SegmentBytes bytes,
            Transfers.Slot slot,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        long size = bytes.size();
        // Appended to only: two answers with one tag have the same bytes (RFC 9110 8.8.1, strong).
        String etag = "\"" + segment.id() + "-" + Long.toHexString(size) + "\"";
        response.setHeader("ETag", etag);
        response.setHeader("Accept-Ranges", "bytes");
        response.setHeader("X-Content-Type-Options", "nosniff");
        // What still grows is not kept: a browser's cache would ask for the rest under the condition that nothing was
        // appended (If-Range), and be given the whole of it each time.
        if (segment.open()) {
            response.setHeader("Cache-Control", "private, no-store");
        } else {
            KeptAnswers.immutable(response, YEAR_SECONDS);
        }
        if (Etags.names(request.getHeader("If-None-Match"), etag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return false;
        }
        String range = isGet(request) && Conditions.rangeApplies(request.getHeader("If-Range"), etag)
                ? request.getHeader("Range")
                : null;
        ByteRange part = ByteRange.of(range, size);
        if (part.kind() == ByteRange.Kind.UNSATISFIABLE) {
            ServletAccess.refuseRange(response, range, size);
            return false;
        }
        response.setContentType("video/mp4");
        response.setContentLengthLong(part.length());
        if (part.kind() == ByteRange.Kind.PART) {
            response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
            response.setHeader("Content-Range", part.contentRange(size));
        }
        if (isHead(request) || part.length() == 0) {
            return false;
        }
        bytes.check(part.first());
        // Which part of it is seen the player alone knows.
        seen(request, segment.stream().cameraId(), WAY, segment.startUs(), segment.endUs());
        StandingAccess access = new StandingAccess(
                () -> guard,
                RequestCredentialsFactory.from(request),
                rights(segment),
                Optional.of(segment.stream().cameraId()),
                nanoTime);
        transfers.start(request, response, bytes, part, slot, access);
        return true;
    }
}

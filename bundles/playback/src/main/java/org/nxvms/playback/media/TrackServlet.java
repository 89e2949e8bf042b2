// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.media;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.FootageDamagedException;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.audit.AuditTrail;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
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
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;

/**
 * {@code GET /media/v1/tracks/{segmentId}/{v|a}/{offset}-{length}.m4s}: the pictures or the sound of some fragments of a segment by
 * themselves, as DASH manifests name them ({@link VodManifest}). Pictures are for who may see them, whatever there is to hear beside
 * them. Never changes.
 */
@Component(
        service = {},
        immediate = true,
        configurationPid = SegmentServlet.PID)
public final class TrackServlet extends MediaServlet {
    /** This servlet comes after its context and goes before it; see {@code ContextGate}. */
    @Reference
    private transient MediaContext context;

    private transient Runnable away;

    private static final long serialVersionUID = 1L;
    /** As it is noted that somebody was sent footage. */
    private static final String WAY = "tracks";

    private static final Pattern PATH = Pattern.compile("([0-9a-fA-F-]{36})/([va])/(\\d{1,15})-(\\d{1,15})\\.m4s");

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile Archive archive;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AuditTrail trail;

    private final transient Transfers transfers = new Transfers("tracks of segments");

    /** For the component runtime. */
    @Activate
    public TrackServlet() {}

    /** Last of all: requests come from now on. */
    @Activate
    void serve(BundleContext bundle, SegmentServlet.Config config) {
        configure(config);
        away = context.serve(bundle, this, MediaContext.TRACKS);
    }

    @Deactivate
    void stop() {
        away.run();
    }

    /** As many as of segments, counted by themselves: a part is seconds, and one player takes one after the other. */
    @Modified
    void configure(SegmentServlet.Config config) {
        transfers.limit(SegmentServlet.limits(config));
    }

    /** For tests. */
    TrackServlet(Archive archive, AccessGuard guard, AuditTrail trail, Transfers.Limits limits) {
        transfers.limit(limits);
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

    /** What is asked for. */
    private record Asked(Segment segment, OneTrack track, List<FragmentEntry> fragments) {
        FragmentEntry first() {
            return fragments.get(0);
        }

        long endUs() {
            FragmentEntry last = fragments.get(fragments.size() - 1);
            return last.startUs() + last.durationUs();
        }
    }

    @Override
    void answer(String path, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Matcher named = PATH.matcher(path);
        if (!named.matches()) {
            throw noSuchTrack().exception();
        }
        Archive footage = presentArchive();
        UUID id = id(named.group(1), "segment");
        OneTrack track = OneTrack.of(named.group(2));
        Segment segment = footage.segment(id).orElseThrow(() -> gone().exception());
        AuthenticatedUser user = requireSegment(request, segment, WAY, track.rights(segment));
        List<FragmentEntry> fragments =
                fragments(footage.index(id), Long.parseLong(named.group(3)), Long.parseLong(named.group(4)));
        String etag = "\"" + path.replace('/', '-') + "\"";
        response.setHeader("ETag", etag);
        response.setHeader("X-Content-Type-Options", "nosniff");
        // Also of a segment that grows: what was written stays.
        KeptAnswers.immutable(response, YEAR_SECONDS);
        if (Etags.names(request.getHeader("If-None-Match"), etag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        send(footage, new Asked(segment, track, fragments), user, request, response);
    }

    /** {@return where a track of whole fragments is, below {@code /media/v1/}} */
    static String path(Segment segment, OneTrack track, long offset, long bytes) {
        return "tracks/" + segment.id() + "/" + track.letter() + "/" + offset + "-" + bytes + ".m4s";
    }

    /**
     * {@return those that lie between two bytes, whole, and no more than a manifest ever names at once} All of them are read before
     * the first byte is sent.
     */
    private static List<FragmentEntry> fragments(List<FragmentEntry> index, long offset, long length) {
        int first = 0;
        while (first < index.size() && index.get(first).offset() < offset) {
            first++;
        }
        int end = first;
        long at = offset;
        while (end < index.size() && at < offset + length && index.get(end).offset() == at) {
            at += index.get(end).length();
            end++;
        }
        if (end == first || at != offset + length || RangeCut.wouldCut(index, first, end)) {
            throw noSuchTrack().exception();
        }
        return index.subList(first, end);
    }

    private void send(
            Archive footage,
            Asked asked,
            AuthenticatedUser user,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Segment segment = asked.segment();
        Transfers.Slot slot = transfers.take(user.id());
        Archive.SegmentBytes bytes = null;
        boolean handedOver = false;
        try {
            bytes = footage.open(segment.id());
            StreamFormat format = OwnFormat.of(footage, segment, bytes);
            int number =
                    asked.track().in(format).orElseThrow(() -> noSuchTrack().exception());
            bytes.check(asked.first().offset());
            TrackBytes track = TrackBytes.of(bytes, asked.fragments(), format, number);
            response.setContentType(asked.track().kind() + "/mp4");
            response.setContentLengthLong(track.size());
            if (isGet(request)) {
                UUID camera = segment.stream().cameraId();
                seen(request, camera, WAY, asked.first().startUs(), asked.endUs());
                StandingAccess access = new StandingAccess(
                        () -> guard,
                        RequestCredentialsFactory.from(request),
                        asked.track().rights(segment),
                        Optional.of(camera),
                        System::nanoTime);
                transfers.start(request, response, track, ByteRange.of(null, track.size()), slot, access);
                handedOver = true;
            }
        } catch (Mp4Exception e) {
            throw new FootageDamagedException("Segment " + segment.id() + " cannot be read from byte "
                    + asked.first().offset() + " on: " + e.getMessage());
        } finally {
            if (!handedOver) {
                slot.close();
                if (bytes != null) {
                    bytes.close();
                }
            }
        }
    }

    private static Problem noSuchTrack() {
        return Problem.notFound("There is nothing of that: take the address from a manifest or playlist:"
                + " /media/v1/archive/{cameraId}/manifest.mpd, index.m3u8.");
    }
}

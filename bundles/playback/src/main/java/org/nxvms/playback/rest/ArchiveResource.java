// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.servers.Server;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.nxvms.media.StreamId;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.ArchiveKeys;
import org.nxvms.platform.api.archive.Coverage;
import org.nxvms.platform.api.archive.FragmentEntry;
import org.nxvms.platform.api.archive.Segment;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.playback.played.PlayedPieces;
import org.nxvms.playback.played.StreamWish;
import org.nxvms.rest.kit.camera.NamedCameras;
import org.nxvms.rest.kit.jaxrs.Caller;
import org.nxvms.rest.kit.jaxrs.Requires;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Page;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.problem.Times;

/** What a player needs to know before it fetches bytes from {@code /media/v1}. */
@Path("/")
@Server(url = ArchiveResource.BASE)
@Tag(name = "Archive")
@Produces(MediaType.APPLICATION_JSON)
public final class ArchiveResource {
    static final String BASE = "/api/v1/archive";
    private static final int LIMIT_DEFAULT = 500;
    private static final int LIMIT_MAX = 5_000;

    private final Supplier<Archive> archive;
    private final Supplier<ArchiveKeys> keys;
    private final Supplier<Coverage> coverage;
    private final NamedCameras named;

    ArchiveResource(
            Supplier<Archive> archive, Supplier<ArchiveKeys> keys, Supplier<Coverage> coverage, NamedCameras named) {
        this.archive = archive;
        this.keys = keys;
        this.coverage = coverage;
        this.named = named;
    }

    /** A segment as it travels. */
    record SegmentItem(
            UUID id,
            Instant start,
            Instant end,
            long startMs,
            long durationMs,
            String codecs,
            String initId,
            long bytes,
            int width,
            int height,
            boolean hasAudio,
            boolean open,
            UUID runId,
            int sequence,
            StreamRole stream) {
        static SegmentItem of(Segment segment) {
            return of(new PlayedPieces.Piece(segment, segment.startUs(), segment.endUs()));
        }

        static SegmentItem of(PlayedPieces.Piece piece) {
            Segment s = piece.segment();
            long startMs = Codes.floorMs(piece.startUs());
            return new SegmentItem(
                    s.id(),
                    Times.instant(piece.startUs()),
                    Times.instant(piece.endUs()),
                    startMs,
                    Codes.floorMs(piece.endUs()) - startMs,
                    s.codecs(),
                    s.initId(),
                    s.sizeBytes(),
                    s.width(),
                    s.height(),
                    s.hasAudio(),
                    piece.open(),
                    s.runId(),
                    s.sequence(),
                    s.stream().role());
        }
    }

    /** A fragment as it travels; offset and length are bytes in the segment's file. */
    record FragmentItem(long startMs, long durationMs, long offset, int length, boolean key, int frames) {
        static FragmentItem of(FragmentEntry f) {
            long startMs = Codes.floorMs(f.startUs());
            return new FragmentItem(
                    startMs,
                    Codes.floorMs(f.startUs() + f.durationUs()) - startMs,
                    f.offset(),
                    f.length(),
                    f.key(),
                    f.accessUnits());
        }
    }

    /** A segment's fragments. */
    record IndexAnswer(
            UUID segmentId, String initId, String codecs, long startMs, boolean open, List<FragmentItem> fragments) {}

    /** Milliseconds. */
    record RangeAnswer(OptionalLong first, OptionalLong last) {}

    @GET
    @Path("{cameraId}/segments")
    @Operation(
            summary = "Segments that overlap a range, by start",
            description =
                    "Bytes: /media/v1/segments/{id} and /media/v1/init/{initId}. With stream=auto those of the main"
                            + " stream, and of the sub stream what lies in holes of the main stream of 10 s and more; with"
                            + " stream=small the other way round. start, end, startMs, durationMs and open are then of the part"
                            + " that is to be played, and one may come more than once.")
    @Requires(value = Permission.VIEW_ARCHIVE, camera = "cameraId")
    public Page<SegmentItem> segments(
            @PathParam("cameraId") UUID cameraId,
            @Parameter(description = "RFC 3339 or milliseconds") @QueryParam("from") String from,
            @Parameter(description = "Exclusive") @QueryParam("to") String to,
            @Parameter(description = "main (default), sub, auto or small") @QueryParam("stream") StreamWish stream,
            @Parameter(description = "1..5000, default 500") @QueryParam("limit") Integer limit,
            @Parameter(description = "nextCursor of the page before") @QueryParam("cursor") String cursor) {
        named.require(cameraId);
        Times.Range range = Times.range(from, to);
        int wanted = Page.limit(limit, LIMIT_DEFAULT, LIMIT_MAX);
        if (Codes.wish(stream).isAny()) {
            return pieces(stream.of(cameraId), range, wanted, Page.key(cursor));
        }
        Optional<Position> after = Page.key(cursor).map(Position::parse);
        StreamId id = Codes.wish(stream).of(cameraId).get(0);
        // What begins before the position and reaches over it was given out already.
        long fromUs = after.map(position -> Math.max(range.fromUs(), position.startUs()))
                .orElse(range.fromUs());
        List<Segment> found = new ArrayList<>(footage().segments(id, fromUs, range.toUs(), wanted + 1 + OVERLAP));
        after.ifPresent(position -> found.removeIf(position::covers));
        boolean more = found.size() > wanted;
        List<Segment> page = more ? found.subList(0, wanted) : found;
        return new Page<>(
                page.stream().map(SegmentItem::of).toList(),
                more ? Optional.of(Position.of(page.get(wanted - 1)).cursor()) : Optional.empty());
    }

    private Page<SegmentItem> pieces(List<StreamId> streams, Times.Range range, int limit, Optional<String> key) {
        long begunUs = key.map(ArchiveResource::beginning).orElse(Long.MIN_VALUE);
        PlayedPieces.Page page =
                PlayedPieces.of(footage(), streams, Math.max(range.fromUs(), begunUs), range.toUs(), begunUs, limit);
        return new Page<>(
                page.pieces().stream().map(SegmentItem::of).toList(),
                page.nextUs().isPresent()
                        ? Optional.of(Page.cursor(String.valueOf(page.nextUs().getAsLong())))
                        : Optional.empty());
    }

    private static long beginning(String key) {
        try {
            return Long.parseLong(key);
        } catch (NumberFormatException e) {
            throw notOurs(e);
        }
    }

    private static ProblemException notOurs(RuntimeException cause) {
        return new ProblemException(
                Problem.malformed("cursor", "\"cursor\" is not one this server gave out. Begin again without it."),
                cause);
    }

    /** Segments of one stream that may lie over each other, after a clock was set back. */
    private static final int OVERLAP = 64;

    /** The last segment of a page. */
    private record Position(long startUs, UUID id) {
        static Position of(Segment segment) {
            return new Position(segment.startUs(), segment.id());
        }

        String cursor() {
            return Page.cursor(startUs + ":" + id);
        }

        static Position parse(String key) {
            int colon = key.indexOf(':');
            try {
                return new Position(Long.parseLong(key.substring(0, colon)), UUID.fromString(key.substring(colon + 1)));
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw notOurs(e);
            }
        }

        boolean covers(Segment segment) {
            return segment.startUs() < startUs || segment.id().equals(id);
        }
    }

    @GET
    @Path("segments/{id}/index")
    @Operation(summary = "Fragments of a segment with their place in the file")
    @Requires({})
    public IndexAnswer index(@PathParam("id") UUID id, @Context SecurityContext security) throws IOException {
        Archive footage = footage();
        Segment segment = footage.segment(id).orElseThrow(() -> Codes.gone().exception());
        Caller caller = Caller.of(security);
        if (!caller.sees(segment.stream().cameraId())) {
            throw Codes.gone().exception();
        }
        caller.require(Permission.VIEW_ARCHIVE, segment.stream().cameraId());
        try {
            return new IndexAnswer(
                    segment.id(),
                    segment.initId(),
                    segment.codecs(),
                    Codes.floorMs(segment.startUs()),
                    segment.open(),
                    footage.index(id).stream().map(FragmentItem::of).toList());
        } catch (NoSuchFileException e) {
            throw new ProblemException(Codes.gone(), e);
        }
    }

    @GET
    @Path("{cameraId}/range")
    @Operation(summary = "First and last moment with footage, in milliseconds; empty when there is none")
    @Requires(value = Permission.VIEW_ARCHIVE, camera = "cameraId")
    public RangeAnswer range(
            @PathParam("cameraId") UUID cameraId,
            @Parameter(description = "main (default), sub; auto, small: of both") @QueryParam("stream")
                    StreamWish stream) {
        named.require(cameraId);
        Collection<Archive.TimeRange> there =
                footage().ranges(Codes.wish(stream).of(cameraId)).values();
        return new RangeAnswer(
                there.stream().mapToLong(range -> Codes.floorMs(range.fromUs())).min(),
                there.stream().mapToLong(range -> -Codes.floorMs(-range.toUs())).max());
    }

    /** Times as asked for, the sum, and each day. */
    record CoverageAnswer(
            UUID cameraId, StreamRole stream, Instant from, Instant to, Coverage.Day all, List<Coverage.Day> days) {}

    @GET
    @Path("{cameraId}/coverage")
    @Operation(
            summary = "How much of each day is footage, and why the rest is not",
            description =
                    "From the stream's first record on, up to now; percent is of what was wanted and not removed by"
                            + " rule. Range: at most 400 days.")
    @Requires(value = Permission.VIEW_ARCHIVE, camera = "cameraId")
    public CoverageAnswer coverage(
            @PathParam("cameraId") UUID cameraId,
            @Parameter(description = "RFC 3339 or milliseconds") @QueryParam("from") String from,
            @Parameter(description = "Exclusive") @QueryParam("to") String to,
            @Parameter(description = "main (default) or sub") @QueryParam("stream") StreamRole stream,
            @Parameter(description = "Whose midnights part the days, e.g. Europe/Berlin; default UTC")
                    @QueryParam("zone")
                    String zone) {
        named.require(cameraId);
        Times.Range range = Times.range(from, to);
        if (range.toUs() - range.fromUs() > TimeUnit.DAYS.toMicros(Coverage.DAYS_MAX)) {
            throw Problem.validation("to", "The range is longer than " + Coverage.DAYS_MAX + " days. Ask in parts.")
                    .exception();
        }
        StreamId id = new StreamId(cameraId, Codes.role(stream));
        Coverage.Report report = Absent.require(coverage.get(), "The archive")
                .report(id, range.fromUs(), range.toUs(), Codes.zone(zone));
        return new CoverageAnswer(
                cameraId,
                id.role(),
                Times.instant(range.fromUs()),
                Times.instant(range.toUs()),
                report.all(),
                report.days());
    }

    @GET
    @Path("keys")
    @Operation(summary = "Public keys that sign segments: what a verifier needs beside the files")
    @Requires({})
    public Page<ArchiveKeys.Key> keys() throws IOException {
        return Page.whole(Absent.require(keys.get(), "The archive").keys());
    }

    private Archive footage() {
        return Absent.require(archive.get(), "The archive");
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.rtsp;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.nxvms.ingest.kit.Failure;
import org.nxvms.media.kit.rtsp.RtpInfo;
import org.nxvms.media.kit.rtsp.RtspResponse;
import org.nxvms.media.kit.rtsp.RtspUri;
import org.nxvms.media.kit.sdp.SdpException;
import org.nxvms.media.kit.sdp.SessionDescription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a camera offers, by its answer to DESCRIBE.
 *
 * @param text the description as it came
 * @param base what control addresses are relative to
 * @param aggregate address of requests for the whole session
 * @param tracks that are wanted of it
 */
record Offer(String text, String base, String aggregate, List<TrackPlan.Wanted> tracks) {
    private static final Logger LOG = LoggerFactory.getLogger(Offer.class);

    /** Of a session that is not begun, or was left by another engine. */
    static final Offer NONE = new Offer("", "", "", List.of());

    static Offer of(RtspResponse response, Target target) throws FailureException {
        if (!response.ok()) {
            throw new FailureException(Refusals.of(target.peer(), "DESCRIBE", response));
        }
        String base = RtspUri.base(response, target.uri().toString());
        try {
            SessionDescription description = SessionDescription.parse(response.body());
            TrackPlan plan = TrackPlan.of(description);
            if (!plan.leftOut().isEmpty()) {
                LOG.info(
                        "{} also offers {}, which is not recorded",
                        target.uri().host(),
                        String.join(", ", plan.leftOut()));
            }
            return new Offer(
                    new String(response.body(), StandardCharsets.UTF_8),
                    base,
                    RtspUri.resolve(base, description.control().orElse("*")),
                    plan.tracks());
        } catch (SdpException notSdp) {
            throw new FailureException(Failure.protocol(target.peer()
                    + " answers DESCRIBE with something else than a session description: " + notSdp.getMessage()));
        } catch (TrackPlan.Unusable unusable) {
            throw new FailureException(Failure.unsupported(target.peer() + ": " + unusable.getMessage()));
        }
    }

    /** The camera agreed to play, and may have said where each track begins. */
    void begun(RtspResponse play) {
        for (RtpInfo begin : RtpInfo.parse(String.join(",", play.headers().all("RTP-Info")))) {
            List<TrackPlan.Wanted> meant = tracks.stream()
                    .filter(track -> begin.isOf(RtspUri.resolve(base, track.control()), base))
                    .toList();
            if (meant.size() == 1) {
                meant.get(0).sender().begins(begin.timestamp());
            }
        }
    }

    /** Of a session that another engine set up. */
    static Offer of(PlayingSession session, Target target) throws FailureException {
        try {
            TrackPlan plan =
                    TrackPlan.of(SessionDescription.parse(session.description().getBytes(StandardCharsets.UTF_8)));
            return new Offer(session.description(), "", session.dialogue().aggregate(), plan.tracks());
        } catch (SdpException | TrackPlan.Unusable notOurs) {
            throw new FailureException(Failure.unsupported(target.peer() + ": " + notOurs.getMessage()));
        }
    }
}

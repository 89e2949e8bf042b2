// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.kit.live;

import java.util.Optional;
import java.util.UUID;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.rendition.Form;
import org.nxvms.platform.api.rendition.RenditionRefusedException;
import org.nxvms.platform.api.rendition.RenditionStatus;
import org.nxvms.platform.api.rendition.Renditions;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;

/** Streams as those who watch name them: {@code main}, {@code sub}, or made of one of them, {@code main~480p}. */
public final class LiveStreams {
    /** What a name looks like, for the document. */
    public static final String PATTERN = "^(main|sub)(~(h264|[1-9][0-9]{2,3}p)(-[1-9][0-9]{1,4}k)?)?$";

    /** The same in words. */
    public static final String DESCRIPTION =
            "main or sub as the camera sends it; or encoded anew as H.264 while somebody watches:"
                    + " main~h264 as high as it is, main~480p at most so high, main~480p-500k with so many kilobits per second";

    private LiveStreams() {}

    /**
     * {@return the stream that a query names}
     *
     * @param name null for the main one
     * @throws ProblemException 400 when there can be none of that name
     */
    public static StreamId of(UUID cameraId, String name) {
        try {
            return name == null ? StreamId.main(cameraId) : StreamId.of(cameraId, name);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.malformed("stream", e.getMessage() + "."), e);
        }
    }

    /**
     * Says no to a rendition that cannot be made, for who is not asked again before it is opened.
     *
     * @throws ProblemException 400 when its form is none
     */
    public static void requireForm(StreamId stream) {
        if (stream.rendition()) {
            try {
                Form.of(stream.form().orElse(""));
            } catch (IllegalArgumentException e) {
                throw new ProblemException(Problem.malformed("stream", e.getMessage() + "."), e);
            }
        }
    }

    /**
     * Has a rendition made; does nothing for other streams.
     *
     * @param renditions null while the service is away
     * @param userId who watches
     * @throws ProblemException 400 when it is none that can be made, 503 when it cannot be made now
     */
    public static void open(Renditions renditions, StreamId stream, UUID userId) {
        if (stream.rendition()) {
            try {
                Absent.require(renditions, "What encodes streams anew").open(stream, userId);
            } catch (RenditionRefusedException e) {
                throw refused(e);
            }
        }
    }

    /** As {@link #open}, and waits for its first picture. */
    public static void await(Renditions renditions, StreamId stream, UUID userId, int timeoutMs) {
        if (stream.rendition()) {
            try {
                Absent.require(renditions, "What encodes streams anew").await(stream, userId, timeoutMs);
            } catch (RenditionRefusedException e) {
                throw refused(e);
            }
        }
    }

    /** {@return how far a stream is that is encoded anew; empty for others, and while that is not known} */
    public static Optional<RenditionStatus> status(Renditions renditions, StreamId stream) {
        return renditions == null || !stream.rendition()
                ? Optional.empty()
                : renditions.statuses().stream()
                        .filter(status -> status.stream().equals(stream))
                        .findFirst();
    }

    /** {@return why there is no picture of a stream that is encoded anew, a sentence; empty when it is made} */
    public static Optional<String> waitsFor(RenditionStatus status) {
        boolean made = status.state() == RenditionStatus.State.RUNNING
                && status.detail().isEmpty();
        String why = status.detail().isEmpty() ? "its encoding has just begun" : status.detail();
        return made
                ? Optional.empty()
                : Optional.of("There is no picture of the stream "
                        + status.stream().name() + " now: " + why + (why.endsWith(".") ? "" : "."));
    }

    private static ProblemException refused(RenditionRefusedException e) {
        return new ProblemException(
                e.retryAfterSeconds() == 0
                        ? Problem.malformed("stream", e.getMessage())
                        : Problem.unavailable(e.getMessage(), e.retryAfterSeconds()),
                e);
    }
}

// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media;

/**
 * Why a stretch of time has no footage. Stored by name; more causes may follow in a minor version,
 * so a {@code switch} needs a default branch that shows the name as it is.
 */
public enum GapCause {
    /** No connection: refused, time-out, no route, closed by the camera. */
    CAMERA_UNREACHABLE,
    /** The camera refused the credentials. */
    AUTH,
    /** Connected, but no access unit or no key frame arrived in time. */
    STREAM_STALLED,
    /** Pictures were given up because RTP packets were lost. */
    PACKET_LOSS,
    /** The camera speaks something we do not record (codec, protocol). */
    UNSUPPORTED,
    /** The process that fetched the stream for the server crashed, hung or used too much memory. */
    WORKER_FAILED,
    /** The recorder was lapped by the ring's writer. */
    RECORDER_OVERRUN,
    /** The volume was too slow; whole GOPs were given up. */
    DISK_SLOW,
    /** No volume had room above its reserve. */
    DISK_FULL,
    /** No volume was present, writable and ours. */
    VOLUME_ABSENT,
    /** It was recorded, and a crash, a power cut or the disk left nothing of it that can be read. */
    FOOTAGE_DAMAGED,
    /** The server did not run. */
    SERVER_DOWN,
    /** The part of the server that fetches the stream was exchanged or taken out while the rest ran. */
    MAINTENANCE,
    /** Wall time jumped; the time between did not happen or happened twice. */
    CLOCK_JUMP,
    /** The schedule did not ask for footage. */
    NOT_SCHEDULED,
    /** Event recording, and no event. */
    NO_EVENT,
    /** Removed by the retention policy. */
    DELETED_BY_RETENTION,
    /** Removed by a user. */
    DELETED_BY_USER,
    /** A cause this version does not know, or an internal fault named in the gap's detail. */
    UNKNOWN
}

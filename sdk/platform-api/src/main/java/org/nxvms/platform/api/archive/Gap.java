// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.archive;

import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import org.nxvms.media.GapCause;
import org.nxvms.media.StreamId;

/**
 * Time without footage, and why.
 *
 * @param toUs end; empty while it lasts
 * @param detail a sentence for people, may be empty
 */
public record Gap(UUID id, StreamId stream, long fromUs, OptionalLong toUs, GapCause cause, String detail) {
    public Gap {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(stream, "stream");
        Objects.requireNonNull(toUs, "toUs");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(detail, "detail");
    }
}

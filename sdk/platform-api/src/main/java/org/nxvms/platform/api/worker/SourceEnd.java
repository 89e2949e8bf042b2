// SPDX-License-Identifier: Apache-2.0
package org.nxvms.platform.api.worker;

import java.util.Objects;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.media.GapCause;

/**
 * Why a source ended or could not be opened.
 *
 * @param kind decides how soon another attempt makes sense; {@code CLOSED} after {@link SourceSession#close}
 * @param cause for the gap; {@link GapCause#WORKER_FAILED} when it was the process and not the source
 * @param detail a sentence for people, without secrets
 */
public record SourceEnd(DriverException.Kind kind, GapCause cause, String detail) {
    public SourceEnd {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(detail, "detail");
    }
}
